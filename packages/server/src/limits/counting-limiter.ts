import { RateLimiterRes, RateLimiterStoreAbstract } from 'rate-limiter-flexible'
import type { Counter } from './counter.js'

interface Counted {
  readonly value: number
  readonly expiresAt: number | undefined
}

/** rate-limiter-flexible over a `Counter`: fixed windows that begin with a key's first request. */
export class CountingLimiter extends RateLimiterStoreAbstract {
  readonly #counter: Counter

  constructor(counter: Counter, options: { readonly keyPrefix: string; readonly points: number; readonly duration: number }) {
    super({ ...options, storeClient: counter })
    this.#counter = counter
  }

  /** Called by the library: adds to a key. */
  _upsert(key: string, points: number, ttlMs: number): Promise<Counted> {
    return this.#counter.increment(key, points, { ttlMs })
  }

  /** Called by the library: what a key holds. */
  _get(key: string): Promise<Counted> {
    return this.#counter.increment(key, 0, { ttlMs: this.msDuration })
  }

  /** Called by the library: turns what the counter gave into its own terms. */
  _getRateLimiterRes(_key: string, changed: number, counted: Counted): RateLimiterRes {
    return new RateLimiterRes(
      Math.max(this.points - counted.value, 0),
      Math.max((counted.expiresAt ?? Date.now()) - Date.now(), 0),
      counted.value,
      counted.value === changed,
    )
  }
}
