import { eventPageSchema } from '@headway/protocol'
import { assertAccepted, authorization, eventsUrl, received } from './client.js'
import type { Received, WatchTarget } from './client.js'

/** Follows with long polls, a few events at a time. */
export async function* pollClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const headers = { Accept: 'application/json', ...authorization(target) }
  const gone = new AbortController()
  let after = target.after
  try {
    for (;;) {
      const response = await fetch(eventsUrl(target, { after: String(after), wait: '10', limit: '7' }), { headers, signal: gone.signal })
      await assertAccepted(response)
      const { events, next, head, closed, reset } = eventPageSchema.parse(await response.json())
      if (reset !== undefined) yield { kind: 'reset', reset }
      for (const event of events) yield received(JSON.stringify(event))
      if (closed && next === head) return
      after = next
    }
  } finally {
    gone.abort()
  }
}
