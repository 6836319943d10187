import { createBackoff } from '../backoff.js'
import { HeadwayClientError, isRefusal } from '../errors.js'
import type { ConnectionState } from '../types.js'

/** A message of a stream; those that move its cursor have an id. */
export interface Message {
  readonly id?: string | undefined
  readonly event?: string | undefined
}

/** One try to read a stream, as the {@link Way} that makes it sees it. */
export interface Connection {
  readonly signal: AbortSignal
  /** The id of the last message that is there already; undefined: none. */
  readonly after: string | undefined
  /** The server has answered. */
  readonly live: () => void
  /** When the server ends the connection, it asks to stay away for so long, in milliseconds. */
  readonly wait: (ms: number) => void
  /** There is nothing more to come. */
  readonly over: () => void
}

/** One way to read a stream over one connection, which ends when the connection does. */
export type Way<M extends Message> = (connection: Connection) => AsyncGenerator<M, void, void>

export interface ResumeOptions {
  readonly signal: AbortSignal
  readonly onState?: ((state: ConnectionState) => void) | undefined
}

/** So many connections in turn over which nothing new came: then the next way is taken. */
const MAX_FRUITLESS = 2

/**
 * Reads a stream to its end over the first of the ways that works, and comes back by itself, after the last message that it had. What is
 * said twice is handed out once. Ends where a way says that all is over, where the signal aborts, and where it is left.
 *
 * @throws HeadwayClientError when the server refuses the stream; TOO_LONG for a message that is; NOT_A_STREAM where something else is answered
 *   each time; NO_CREDENTIAL where none could be had at first
 */
export async function* resume<M extends Message>(
  ways: readonly [Way<M>, ...Way<M>[]],
  { signal, onState }: ResumeOptions,
): AsyncGenerator<M, void, void> {
  const backoff = createBackoff()
  let after: string | undefined
  let current = 0
  let fruitless = 0
  let refused = 0
  let wasLive = false
  onState?.('connecting')
  while (!signal.aborted) {
    const connection = new AbortController()
    const stop = (): void => connection.abort()
    signal.addEventListener('abort', stop)
    let isLive = false
    let isNew = false
    let isOver = false
    let isUnreachable = false
    let isEnded = false
    let retryMs = 0
    let leastMs = 0
    try {
      const way = ways[current] ?? ways[0]
      const reading = way({
        signal: connection.signal,
        after,
        live: () => {
          isLive = wasLive = true
          refused = 0
          onState?.('live')
        },
        wait: (ms) => (retryMs = ms),
        over: () => (isOver = true),
      })
      for await (const message of reading) {
        const { id } = message
        if (id !== undefined && message.event !== 'reset') {
          if (!isAfter(id, after)) continue
          isNew = true
        }
        after = id ?? after
        yield message
      }
      if (isOver) return
      isEnded = true
      leastMs = retryMs
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof HeadwayClientError) {
        const { code, status } = error
        if (code === 'TOO_LONG' || (code === 'NO_CREDENTIAL' && !wasLive)) throw error
        // What answers without a code is not the server itself but somebody between: another way may be open.
        if (isRefusal(status) && code !== `HTTP_${status}`) throw error
        if (code === 'NOT_A_STREAM' || isRefusal(status)) {
          if (++refused >= ways.length) throw error
          fruitless = MAX_FRUITLESS
        }
        leastMs = error.retryAfterMs ?? 0
      }
      isUnreachable = !isLive && error instanceof TypeError
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
    if (signal.aborted) return
    // A way that is not the best ends by itself, so that the best is tried again.
    if (!isEnded || current === 0) onState?.('reconnecting')
    if (isNew) {
      backoff.reset()
      fruitless = 0
    }
    // Where nobody is there, another way would do no better, unless only this one is barred.
    else fruitless += isUnreachable ? 0.7 : 1
    if (fruitless >= MAX_FRUITLESS) {
      backoff.reset()
      current = (current + 1) % ways.length
      fruitless = 0
    } else if (isEnded) current = 0
    await backoff.pause(signal, leastMs)
  }
}

/**
 * Whether a message with this id comes after that one. Ids are the seq of an event, or `seq.part` for a part of it that is not its last:
 * `4` < `5.1` < `5.2` < `5`.
 */
function isAfter(id: string, last = '0'): boolean {
  const [seq, part] = placeOf(id)
  const [lastSeq, lastPart] = placeOf(last)
  return seq > lastSeq || (seq === lastSeq && part > lastPart)
}

function placeOf(id: string): readonly [number, number] {
  const [seq, part = Infinity] = id.split('.')
  return [Number(seq), Number(part)]
}
