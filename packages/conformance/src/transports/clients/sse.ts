import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import { assertAccepted, authorization, eventsUrl, received } from './client.js'
import type { Received, WatchTarget } from './client.js'
import { textOf } from './http-text.js'

/** Follows over Server-Sent Events, with the cursor as `Last-Event-ID`. */
export async function* sseClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  const cursor: Record<string, string> = target.after > 0 ? { 'Last-Event-ID': String(target.after) } : {}
  const headers = { Accept: 'text/event-stream', ...authorization(target), ...cursor }
  for await (const text of textOf(eventsUrl(target), headers, assertAccepted)) {
    parser.feed(text)
    for (const message of messages.splice(0)) {
      const what = received(message.data)
      if (message.id !== (what.kind === 'event' ? String(what.event.seq) : undefined))
        throw new Error(`Wrong id ${message.id} of ${message.data}`)
      yield what
    }
  }
}
