import { performance } from 'node:perf_hooks'

/** So many looks in a row may be in vain before the next one waits. */
const LOOKS_IN_VAIN = 3
/** In milliseconds. */
const LONGEST_PAUSE_MS = 64
/** What was in vain is forgotten when no news came for so long, in milliseconds. */
const MEMORY_MS = 250

/**
 * How soon a worker looks for the jobs that news tells of. With many workers most news is of jobs that others are faster to take, or that
 * must wait: whoever looked in vain again and again pauses, each time twice as long, so that a busy queue is not asked by all of them for every job.
 */
export class NewsPace {
  #vain = 0
  /** The next look is for news. */
  #awaited = false
  /** By this process's own clock. */
  #cameAt = Number.NEGATIVE_INFINITY

  /** News came. @returns after how long to look, in milliseconds */
  came(): number {
    const now = performance.now()
    if (now - this.#cameAt > MEMORY_MS) this.#vain = 0
    this.#cameAt = now
    this.#awaited = true
    return this.#vain < LOOKS_IN_VAIN ? 0 : Math.min(LONGEST_PAUSE_MS, 2 ** (this.#vain - LOOKS_IN_VAIN))
  }

  /** A look is over. @param found whether there was a job */
  looked(found: boolean): void {
    if (found) this.#vain = 0
    else if (this.#awaited) this.#vain += 1
    this.#awaited = false
  }
}
