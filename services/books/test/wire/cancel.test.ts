import { readdirSync } from 'node:fs'
import { isTerminal } from '@headway/protocol'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { HELD, heldBatch, KNOWN, startHeld } from '../support/held.js'
import { talkTo } from '../support/socket.js'
import { eventsOf } from '../support/sse.js'
import { csvForm } from '../support/start.js'
import type { Running } from '../support/start.js'

const server = onceForTests((atEnd) => startHeld(atEnd))

interface Created {
  readonly jobId: string
  readonly token: string
  readonly streamUrl: string
}

/** Jobs that are in the middle of it: two wait for a book that nobody answers for, one has much to look at. */
const KINDS = {
  imports: ({ json }: Running) => {
    const rows = [...KNOWN, HELD].map(({ title, isbn13 }) => `${title},${isbn13}`)
    return json('/v3/jobs/imports', { body: csvForm(['Title,ISBN13', ...rows].join('\n')) })
  },
  enrichment: ({ json }: Running) => json('/v3/jobs/enrichment', { json: { isbns: [...KNOWN, HELD].map(({ isbn13 }) => isbn13) } }),
  scans: async ({ json }: Running) => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const photo = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: 'grey', noise } })
      .jpeg()
      .toBuffer()
    const form = new FormData()
    for (let n = 0; n < 5; n += 1) form.append('photos[]', new Blob([photo]), `shelf-${n}.jpg`)
    return json('/v3/jobs/scans', { body: form })
  },
}
type Kind = keyof typeof KINDS

const WAYS = {
  'over V3': ({ ask }: Running, kind: Kind, { jobId, token }: Created) => ask(`/v3/jobs/${kind}/${jobId}`, { method: 'DELETE', token }),
  'over V2': ({ ask }: Running, _: Kind, { jobId, token }: Created) => ask(`/api/v2/jobs/${jobId}/cancel`, { method: 'DELETE', token }),
  'over the WebSocket': async ({ url }: Running, _: Kind, { jobId, token }: Created) => {
    const { say, hear, closed, messages, end } = await talkTo(`${url.replace('http', 'ws')}/ws/progress?jobId=${jobId}`, token)
    onTestFinished(end)
    say({ type: 'ready' })
    await hear('ready_ack')
    say({ type: 'cancel', reason: 'enough' })
    expect(await hear('canceled')).toMatchObject({ jobId, reason: 'enough' })
    expect(await closed).toBe(1000)
    expect(messages.at(-1)?.type).toBe('canceled')
  },
}

const CASES = (Object.keys(KINDS) as Kind[]).flatMap((kind) =>
  (Object.keys(WAYS) as (keyof typeof WAYS)[]).map((way) => [kind, way] as const),
)

/** Threads of this process, on Linux. */
const threads = (): number => readdirSync('/proc/self/task').length

test.each(CASES)('%s are cancelled in mid-flight %s: nothing follows', async (kind, way) => {
  const running = server()
  // The catalog has a thread of its own, once somebody asks it.
  await running.json(`/v3/books/${KNOWN[0]?.isbn13}`)
  const before = threads()
  const created = (await KINDS[kind](running)).data as unknown as Created
  const { engine } = running
  const id = created.jobId
  const events = eventsOf(created.streamUrl)
  await expect.poll(async () => (await engine.get(id)).status).toBe('running')
  const answer = await WAYS[way](running, kind, created)
  if (answer !== undefined) expect(await answer.json()).toMatchObject({ success: true, data: { status: 'canceled' } })

  const names = (await events).map(({ event }) => event)
  expect(names.filter((name) => name !== 'progress')).toEqual(['canceled'])
  expect(names.at(-1)).toBe('canceled')
  // The thread that read the file is gone; the one that looks at photos stays for others.
  if (kind === 'imports') await expect.poll(threads).toBeLessThanOrEqual(before)
  const job = await engine.get(id)
  expect(isTerminal(job.status)).toBe(true)
  const { events: last } = await engine.read(id, { after: job.head - 1, maxEvents: 10, maxBytes: 65_536 })
  expect(last.map(({ type }) => type)).toEqual(['cancelled'])
})

test('the status of a cancelled job says what the stream said last', async () => {
  const running = server()
  const { jobId, authToken, websocketUrl } = await heldBatch(running)
  const { say, hear, messages, end } = await talkTo(websocketUrl, authToken)
  onTestFinished(end)
  say({ type: 'ready' })
  for (const _ of KNOWN) await hear('progress')
  const figures = { processedCount: KNOWN.length, totalCount: KNOWN.length + 1 }
  expect((await running.json(`/v1/jobs/${jobId}/status`)).data).toMatchObject({ status: 'processing', ...figures })
  say({ type: 'cancel' })
  await hear('canceled')
  expect(messages.findLast(({ type }) => type === 'progress')).toMatchObject(figures)
  expect((await running.json(`/v1/jobs/${jobId}/status`)).data).toMatchObject({ status: 'canceled', ...figures })
})
