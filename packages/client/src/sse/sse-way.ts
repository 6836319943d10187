import { errorOfAnswer, HeadwayClientError } from '../errors.js'
import { isStream } from './ask-with.js'
import { readSse } from './read-sse.js'
import type { SseMessage } from './read-sse.js'
import type { Connection } from './resume.js'

/** A live stream says something every 30 seconds, be it a comment; one that is silent for so long is dead. */
export const SILENCE_MS = 75_000

/** What a stream says instead of an event when history is gone, in every dialect. */
const RESET = '{"type":"reset"'

/**
 * Reads one answer as a stream of Server-Sent Events.
 *
 * @param ask sends the request, with the headers that it is given
 * @param maxLength the longest message that is held, in characters
 */
export async function* sseWay(
  { signal, after, live, wait, over }: Connection,
  ask: (init: { readonly headers: Record<string, string>; readonly signal: AbortSignal }) => Promise<Response>,
  maxLength?: number,
): AsyncGenerator<SseMessage, void, void> {
  const headers = { Accept: 'text/event-stream', ...(after !== undefined && { 'Last-Event-ID': after }) }
  const response = await ask({ headers, signal })
  if (response.status === 204) return over()
  if (!response.ok || !response.body) throw await errorOfAnswer(response)
  // The page of an application that answers every path, or of somebody between.
  if (!isStream(response)) throw new HeadwayClientError('NOT_A_STREAM', 'What was answered is no stream of events.')
  live()
  const options = { signal, silenceMs: SILENCE_MS, onRetry: wait, ...(maxLength !== undefined && { maxLength }) }
  for await (const batch of readSse(response.body, options)) {
    for (const message of batch) {
      // A reset has no id; the stream goes on after the seq that it names.
      if (message.data.startsWith(RESET)) {
        yield { event: 'reset', id: String((JSON.parse(message.data) as { after: number }).after), data: message.data }
      } else yield message
    }
  }
}
