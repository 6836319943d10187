import { HeadwayClientError, silent } from '../errors.js'
import { createSseParser } from './parse-sse.js'
import type { SseMessage } from './parse-sse.js'

export type { SseMessage } from './parse-sse.js'

export interface ReadSseOptions {
  /** Ends the reading, without an error, also while the stream says nothing. */
  readonly signal?: AbortSignal
  /** How long the server may say nothing at all, not even a comment, in milliseconds. Without end by default. */
  readonly silenceMs?: number
  /** The longest message that is held, in characters: 1 Mi by default, as an event is at most 64 KiB. */
  readonly maxLength?: number
  /** Told the server's `retry:`, in milliseconds. */
  readonly onRetry?: (ms: number) => void
}

const MAX_LENGTH = 1024 * 1024

/**
 * Reads the body of an answer as Server-Sent Events. What came in one piece is handed out as one batch; no more is read while the batch is
 * being looked at, so that a slow reader holds the server back instead of filling memory.
 *
 * The signal that `fetch` was given does not do: Node 20 forgets its listener with the request, once the answer is there and the garbage
 * collector has run, and a body that says nothing would then be waited for without end.
 *
 * @returns batches of one message and more, until the stream ends or the signal aborts; what was begun only is left out
 * @throws HeadwayClientError SILENT (for longer than `silenceMs`: come back), TOO_LONG (the message will be so again); and whatever reading the body
 *   throws when the connection breaks
 */
export async function* readSse(
  body: ReadableStream<Uint8Array>,
  { signal, silenceMs, maxLength = MAX_LENGTH, onRetry }: ReadSseOptions = {},
): AsyncGenerator<readonly SseMessage[], void, void> {
  let batch: SseMessage[] = []
  let fault: HeadwayClientError | undefined
  const parse = createSseParser(maxLength, (message) => batch.push(message), onRetry)
  const decoder = new TextDecoder()
  const reader = body.getReader()
  const stop = (): void => void reader.cancel().catch(() => undefined)
  const timeOut = (): void => {
    fault = silent()
    stop()
  }
  signal?.addEventListener('abort', stop)
  try {
    for (;;) {
      if (signal?.aborted) return
      // Only the server's silence counts: the clock stands while the batch is being looked at.
      const silence = silenceMs === undefined ? undefined : setTimeout(timeOut, silenceMs)
      const { done, value } = await reader.read().finally(() => clearTimeout(silence))
      if (value && !parse(decoder.decode(value, { stream: true })))
        fault = new HeadwayClientError('TOO_LONG', 'A message of the stream is too long.')
      if (batch.length > 0) {
        const full = batch
        batch = []
        yield full
      }
      // Whoever aborted wants no error.
      if (fault && !signal?.aborted) throw fault
      if (done) return
    }
  } catch (error) {
    if (!signal?.aborted) throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}
