import { runtime } from './runtime.js'
import type { Runtime } from './runtime.js'

export interface BackoffOptions extends Partial<Pick<Runtime, 'random' | 'setTimer'>> {
  /** The most that the first pause takes, in milliseconds. */
  readonly firstMs?: number
}

/** Pauses between tries that grow, each of a random length so that clients who lost a server together do not come back together. */
export interface Backoff {
  /**
   * Waits for the next pause, or until the signal aborts.
   *
   * @param leastMs what the server asked for (`retry:`, `Retry-After`), in milliseconds; the pause is put on top
   * @returns whether the pause was waited out: false when the signal aborted
   */
  pause(signal?: AbortSignal, leastMs?: number): Promise<boolean>
  /** The last try went well: the next pause is the first again. */
  reset(): void
}

const FIRST_MS = 500
const LONGEST_MS = 15_000

/** Exponential backoff with full jitter: pause n takes from 0 to the lesser of `firstMs * 2^n` and 15 seconds. */
export function createBackoff({ firstMs = FIRST_MS, random = runtime.random, setTimer = runtime.setTimer }: BackoffOptions = {}): Backoff {
  let mostMs = firstMs
  return {
    pause(signal, leastMs = 0) {
      const ms = leastMs + random() * mostMs
      mostMs = Math.min(mostMs * 2, LONGEST_MS)
      return new Promise((resolve) => {
        const end = (): void => {
          cancel()
          signal?.removeEventListener('abort', end)
          resolve(!signal?.aborted)
        }
        const cancel = setTimer(end, ms)
        if (signal?.aborted) end()
        else signal?.addEventListener('abort', end)
      })
    },
    reset() {
      mostMs = firstMs
    },
  }
}
