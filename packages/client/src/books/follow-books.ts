import { resume } from '../sse/resume.js'
import type { Way } from '../sse/resume.js'
import type { ConnectionState } from '../types.js'
import { isLast } from './messages.js'
import type { BookMessage } from './messages.js'

export interface BooksListener {
  readonly message: (message: BookMessage) => void
  readonly state: (state: ConnectionState) => void
  readonly error: ((error: Error) => void) | undefined
}

/** Reads a job to its last message, and tells each once. Nothing is told any more once the signal has aborted, but that it is closed. */
export async function followBooks(
  ways: readonly [Way<BookMessage>, ...Way<BookMessage>[]],
  stop: AbortController,
  { message: tell, state: tellState, error: tellError }: BooksListener,
): Promise<void> {
  const { signal } = stop
  // Nothing is told before whoever asked has what they asked for.
  await Promise.resolve()
  try {
    for await (const message of resume(ways, { signal, onState: (state) => safely(tellState, state) })) {
      if (signal.aborted) break
      safely(tell, message)
      if (isLast(message)) break
    }
  } catch (error) {
    if (!signal.aborted) safely(tellError, error as Error)
  } finally {
    stop.abort()
    safely(tellState, 'closed')
  }
}

/** What a listener throws is its own, and says nothing of the stream. */
function safely<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value)
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}

/** Tells a state only where it is another. */
export function stateTeller(tell: (state: ConnectionState, before: ConnectionState | undefined) => void): (state: ConnectionState) => void {
  let before: ConnectionState | undefined
  return (state) => {
    if (state === before) return
    const was = before
    before = state
    tell(state, was)
  }
}
