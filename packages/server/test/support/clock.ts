import { systemClock } from '@headway/core'
import type { Clock } from '@headway/core'

/** The system's clock, which a test can put forward. */
export class TestClock implements Clock {
  #ahead = 0

  now(): number {
    return Date.now() + this.#ahead
  }

  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms, callback)
  }

  advance(ms: number): void {
    this.#ahead += ms
  }
}
