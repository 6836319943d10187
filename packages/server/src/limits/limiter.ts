import type { KeyValueStore } from '@headway/core'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** So many requests of one address (IPv6: of one /64) in so many seconds. The time begins with the first of them. */
export interface RateLimit {
  readonly requests: number
  readonly windowSeconds: number
}

/** What a key has used up of a limit. */
interface Used {
  readonly requests: number
  /** Until the time begins anew. */
  readonly resetMs: number
}

/** Counts the requests of keys under one limit. */
export interface Limiter {
  /** Adds one and gives the sum. */
  count(key: string): Promise<Used>
}

/**
 * Counts in this process, under at most `maxKeys` keys: when more come, the one that began first is forgotten, so that whoever has
 * many addresses costs bounded memory.
 */
export function memoryLimiter(limit: RateLimit, maxKeys: number): Limiter {
  const limiter = new RateLimiterMemory({ points: limit.requests, duration: limit.windowSeconds })
  /** Keys and the ends of their windows, in order of beginning. */
  const windows = new Map<string, number>()
  return {
    async count(key) {
      const now = performance.now()
      if ((windows.get(key) ?? 0) <= now) {
        windows.delete(key)
        windows.set(key, now + limit.windowSeconds * 1000)
        const oldest = windows.keys().next().value
        if (windows.size > maxKeys && oldest !== undefined) {
          windows.delete(oldest)
          await limiter.delete(oldest)
        }
      }
      const counted = await limiter.consume(key).catch((error: unknown) => {
        if (error instanceof RateLimiterRes) return error
        throw error
      })
      return { requests: counted.consumedPoints, resetMs: counted.msBeforeNext }
    },
  }
}

/** What waits to be counted under one key while the store counts what came before. */
interface Round {
  requests: number
  readonly sum: Promise<{ readonly value: number; readonly expiresAt: number | undefined }>
}

/**
 * Counts for all nodes together, in the store that they share. Requests of one key that come while it is being counted are counted together in
 * the next round: whoever asks much costs the store no more than one that asks as fast as it answers.
 */
export function sharedLimiter(name: string, limit: RateLimit, store: Pick<KeyValueStore, 'increment'>): Limiter {
  const ttlMs = limit.windowSeconds * 1000
  const underWay = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Round>()

  async function next(key: string, after: Promise<unknown> | undefined): ReturnType<KeyValueStore['increment']> {
    await after?.catch(() => undefined)
    const by = waiting.get(key)?.requests ?? 1
    waiting.delete(key)
    const counted = store.increment(`limit/${name}/${key}`, by, { ttlMs }).finally(() => {
      if (underWay.get(key) === counted) underWay.delete(key)
    })
    underWay.set(key, counted)
    return counted
  }

  return {
    async count(key) {
      const before = waiting.get(key)
      const round = before ?? { requests: 0, sum: next(key, underWay.get(key)) }
      if (before === undefined) waiting.set(key, round)
      round.requests += 1
      const place = round.requests
      const { value, expiresAt } = await round.sum
      // Each has its own place among those that were counted together.
      const requests = value - round.requests + place
      return { requests, resetMs: Math.min(Math.max((expiresAt ?? 0) - Date.now(), 0), ttlMs) }
    },
  }
}
