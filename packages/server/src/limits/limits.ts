import { HeadwayError } from '@headway/core'
import type { KeyValueStore } from '@headway/core'
import type { Logger } from 'pino'
import { countingKey } from '../net/addresses.js'
import { memoryLimiter, sharedLimiter } from './limiter.js'
import type { Limiter, RateLimit } from './limiter.js'

/** Where a caller stands in one limit. */
export interface LimitState {
  readonly name: string
  readonly limit: RateLimit
  readonly remaining: number
  readonly resetSeconds: number
  readonly exceeded: boolean
}

export interface LimitsOptions {
  /** By name; `false` switches one off. */
  readonly limits: Readonly<Record<string, RateLimit | false>>
  /** Where all nodes count together; absent: this process counts alone. */
  readonly shared?: KeyValueStore | undefined
  /** Limits that this process counts alone all the same, because they are looked at with every request. */
  readonly alone?: readonly string[]
  /** How many addresses this process counts at a time, for each limit. */
  readonly maxKeys: number
  readonly log: Logger
}

/** So long the store may take to count a request; it is let in uncounted then. In milliseconds. */
const COUNT_MS = 3000
/** After a failure the store is left alone for so long. In milliseconds. */
const PAUSE_MS = 1000

/** The named rate limits of a server. */
export class Limits {
  /** By name; undefined for one that is switched off. */
  readonly #limiters = new Map<string, { readonly limit: RateLimit; readonly limiter: Limiter; readonly together: boolean } | undefined>()
  readonly #log: Logger
  /** Since the shared counts could not be reached; their trouble is logged once. */
  #failing = false
  /** By the monotonic clock. */
  #pausedUntil = 0

  constructor({ limits, shared, alone = [], maxKeys, log }: LimitsOptions) {
    this.#log = log
    for (const [name, limit] of Object.entries(limits)) {
      if (limit === false) {
        this.#limiters.set(name, undefined)
        continue
      }
      const together = shared !== undefined && !alone.includes(name)
      this.#limiters.set(name, { limit, together, limiter: together ? sharedLimiter(name, limit, shared) : memoryLimiter(limit, maxKeys) })
    }
  }

  /**
   * Counts one request. Undefined when this limit is switched off, or the shared counts can't be reached: limits
   * protect the server, they must not be what stops it.
   *
   * @param part counted apart from the other parts of the same address
   * @throws Error when no limit has this name
   */
  async consume(name: string, ip: string, { part = '' }: { readonly part?: string | undefined } = {}): Promise<LimitState | undefined> {
    const found = this.#limiters.get(name)
    if (found === undefined) {
      if (this.#limiters.has(name)) return undefined
      throw new Error(`There is no limit named "${name}".`)
    }
    const { limit, limiter, together } = found
    if (together && performance.now() < this.#pausedUntil) return undefined
    try {
      const { requests, resetMs } = await within(COUNT_MS, limiter.count(part === '' ? countingKey(ip) : `${countingKey(ip)}/${part}`))
      if (together) this.#failing = false
      return {
        name,
        limit,
        remaining: Math.max(limit.requests - requests, 0),
        resetSeconds: Math.ceil(resetMs / 1000),
        exceeded: requests > limit.requests,
      }
    } catch (error) {
      if (!this.#failing) this.#log.warn({ err: error, limit: name }, 'a limit could not be counted')
      this.#failing = true
      this.#pausedUntil = performance.now() + PAUSE_MS
      return undefined
    }
  }
}

/** @throws Error when it takes longer */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The store did not count within ${ms} ms.`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What whoever is over a limit is told. */
export function limitExceeded(state: LimitState): HeadwayError {
  const { requests, windowSeconds } = state.limit
  return new HeadwayError('RATE_LIMIT_EXCEEDED', `At most ${requests} requests in ${windowSeconds} seconds are allowed here.`, {
    retryAfterSeconds: Math.max(1, state.resetSeconds),
    details: { limit: state.name, requests, windowSeconds },
  })
}
