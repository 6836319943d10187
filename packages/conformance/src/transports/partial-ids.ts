import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertAccepted } from './clients/client.js'
import { textOf } from './clients/http-text.js'
import type { TransportFixture } from './fixture.js'

export interface PartialIdsFixture extends TransportFixture {
  /**
   * Where a job's log is streamed in a dialect that makes of each event as many messages as its type has letters, and none of events of
   * the type `none`. The body of a message is `{"seq":N,"part":k}`, with k from 1.
   */
  partsUrl(jobId: string): string
}

interface Message {
  readonly id: string | undefined
  readonly data: string
}

/** What SSE must do where one event is several messages: part k of event N has the id `N.k`, the last one `N`, and each of them can be resumed from. */
export function describePartialIds(open: () => Promise<PartialIdsFixture>): void {
  describe('an event of several messages, over SSE', () => {
    let fixture: PartialIdsFixture | undefined
    beforeAll(async () => {
      fixture = await open()
    })
    afterAll(() => fixture?.close())
    const opened = (): PartialIdsFixture => {
      if (fixture === undefined) throw new Error('The server is not open.')
      return fixture
    }

    it('gives every part its id', async () => {
      const { all } = await finishedJob(opened())
      const bodies = all.map(({ data }) => JSON.parse(data) as { seq: number; part: number })
      const expected = bodies.map(({ seq, part }, index) => (bodies[index + 1]?.seq === seq ? `${seq}.${part}` : String(seq)))
      expect(all.map(({ id }) => id)).toEqual(expected)
      // created, claimed, ab, none, abc, completed
      expect(bodies.map(({ seq }) => seq)).toEqual(
        [1, 2, 3, 5, 6].flatMap((seq, index) => Array<number>([7, 7, 2, 3, 9][index] ?? 0).fill(seq)),
      )
    })

    it('goes on after each of these ids', async () => {
      const { url, all } = await finishedJob(opened())
      for (const [index, { id }] of all.entries()) {
        expect(await messages(opened(), url, id), `after ${id}`).toEqual(all.slice(index + 1))
      }
    })

    it('answers 204 only after the last part of the terminal event', async () => {
      const { url, all } = await finishedJob(opened())
      const status = async (id: string | undefined): Promise<number> => {
        const response = await fetch(url, { headers: headers(opened(), id) })
        await response.body?.cancel()
        return response.status
      }
      expect(await status(all.at(-1)?.id)).toBe(204)
      expect(await status(all.at(-2)?.id)).toBe(200)
      expect(await status(undefined)).toBe(200)
    })

    it('says a reset to a part of an event that is not there', async () => {
      const { url, all } = await finishedJob(opened())
      const head = Number(all.at(-1)?.id)
      const [first, ...rest] = await messages(opened(), url, `${head + 1}.1`)
      expect(first?.id).toBeUndefined()
      expect(JSON.parse(first?.data ?? '')).toEqual({ type: 'reset', reason: 'ahead', after: 0, head })
      expect(rest).toEqual(all)
    })
  })
}

/** A job with events of two, no and three messages, besides those of the engine; and all messages of its stream. */
async function finishedJob(fixture: PartialIdsFixture): Promise<{ readonly url: string; readonly all: readonly Message[] }> {
  const job = await fixture.drive()
  for (const type of ['ab', 'none', 'abc']) await job.emit(type, null)
  await job.finish()
  const url = fixture.partsUrl(job.id)
  return { url, all: await messages(fixture, url, undefined) }
}

async function messages(fixture: PartialIdsFixture, url: string, lastEventId: string | undefined): Promise<Message[]> {
  const all: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => all.push(message) })
  for await (const text of textOf(new URL(url), headers(fixture, lastEventId), assertAccepted)) parser.feed(text)
  return all.map(({ id, data }) => ({ id, data }))
}

function headers({ token }: PartialIdsFixture, lastEventId: string | undefined): Record<string, string> {
  return {
    Accept: 'text/event-stream',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
  }
}
