import { followAnswerSchema } from '@headway/protocol'
import type { FollowBody } from '@headway/protocol'
import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import { assertAccepted, authorization } from './client.js'
import type { Received, WatchTarget } from './client.js'
import { textOf } from './http-text.js'
import { receivedMessage } from './native-message.js'

/** Follows by `POST /follow`, as a stream. */
export async function* followClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  const body = bodyOf(target, target.after)
  for await (const text of textOf(urlOf(target), headersOf(target, 'text/event-stream'), assertAccepted, { method: 'POST', body })) {
    parser.feed(text)
    for (const { data, id, event } of messages.splice(0)) {
      if (id !== undefined || event !== undefined) throw new Error(`A message has no id and no name here: ${id} ${event} ${data}`)
      const what = receivedMessage(data, target)
      if (what !== undefined && what !== 'end') yield what
    }
  }
}

/** Follows by `POST /follow`, with long polls. */
export async function* followPollClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const gone = new AbortController()
  const url = urlOf(target)
  url.searchParams.set('wait', '10')
  let after = target.after
  try {
    for (;;) {
      const request = { method: 'POST', body: bodyOf(target, after), headers: headersOf(target, 'application/json') }
      const response = await fetch(url, { ...request, signal: gone.signal })
      await assertAccepted(response)
      const { messages } = followAnswerSchema.parse(await response.json())
      for (const message of messages) {
        const what = receivedMessage(JSON.stringify(message), target)
        if (what === 'end') return
        if (what === undefined) continue
        after = what.kind === 'event' ? what.event.seq : what.reset.after
        yield what
      }
    }
  } finally {
    gone.abort()
  }
}

function urlOf({ baseUrl }: WatchTarget): URL {
  return new URL(`${baseUrl}/follow`)
}

function bodyOf({ jobId }: WatchTarget, after: number): string {
  return JSON.stringify({ jobs: [{ jobId, after }] } satisfies FollowBody)
}

function headersOf(target: WatchTarget, accept: string): Record<string, string> {
  return { Accept: accept, 'Content-Type': 'application/json', ...authorization(target) }
}
