import { HeadwayError } from '@headway/core'
import { RateLimiterRes } from 'rate-limiter-flexible'
import type { Logger } from 'pino'
import { countingKey } from '../net/addresses.js'
import { MemoryCounter } from './counter.js'
import type { Counter } from './counter.js'
import { CountingLimiter } from './counting-limiter.js'

/** So many requests of one address (IPv6: of one /64) in so many seconds. */
export interface RateLimit {
  readonly requests: number
  readonly windowSeconds: number
}

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
  /** Counts of all nodes together; absent: this process counts alone. */
  readonly shared?: Counter | undefined
  /** Limits that this process counts alone all the same, because they are looked at with every request. */
  readonly alone?: readonly string[]
  /** How many addresses this process counts at a time, for each limit. */
  readonly maxKeys: number
  readonly log: Logger
}

/** The named rate limits of a server. */
export class Limits {
  readonly #limiters = new Map<string, { readonly limit: RateLimit; readonly limiter: CountingLimiter }>()
  readonly #off = new Set<string>()
  readonly #log: Logger

  constructor(options: LimitsOptions) {
    this.#log = options.log
    for (const [name, limit] of Object.entries(options.limits)) {
      if (limit === false) {
        this.#off.add(name)
        continue
      }
      const settings = { keyPrefix: `limit/${name}`, points: limit.requests, duration: limit.windowSeconds }
      const shared = options.alone?.includes(name) === true ? undefined : options.shared
      this.#limiters.set(name, { limit, limiter: new CountingLimiter(shared ?? new MemoryCounter(options.maxKeys), settings) })
    }
  }

  /**
   * Counts one request (or `points` 0: only looks). Undefined when this limit is switched off, or the shared counts can't be reached: limits
   * protect the server, they must not be what stops it.
   *
   * @throws Error when no limit has this name
   */
  async consume(name: string, ip: string, points = 1): Promise<LimitState | undefined> {
    const found = this.#limiters.get(name)
    if (found === undefined) {
      if (this.#off.has(name)) return undefined
      throw new Error(`There is no limit named "${name}".`)
    }
    const { limit, limiter } = found
    try {
      const counted = await limiter.consume(countingKey(ip), points)
      return stateOf(name, limit, counted, false)
    } catch (error) {
      if (error instanceof RateLimiterRes) return stateOf(name, limit, error, true)
      this.#log.warn({ err: error, limit: name }, 'a limit could not be counted')
      return undefined
    }
  }
}

function stateOf(name: string, limit: RateLimit, counted: RateLimiterRes, exceeded: boolean): LimitState {
  return { name, limit, remaining: counted.remainingPoints, resetSeconds: Math.ceil(counted.msBeforeNext / 1000), exceeded }
}

/** What whoever is over a limit is told. */
export function limitExceeded(state: LimitState): HeadwayError {
  const { requests, windowSeconds } = state.limit
  return new HeadwayError('RATE_LIMIT_EXCEEDED', `At most ${requests} requests in ${windowSeconds} seconds are allowed here.`, {
    retryAfterSeconds: Math.max(1, state.resetSeconds),
    details: { limit: state.name, requests, windowSeconds },
  })
}
