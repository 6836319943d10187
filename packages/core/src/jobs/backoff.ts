import type { RetryPolicy } from '../define-job.js'

const DEFAULTS = { minDelayMs: 1000, maxDelayMs: 60_000, factor: 2 }

/**
 * How long to wait before the next attempt: exponential with full jitter (any time between 0 and the
 * bound), which spreads retries best when many jobs fail together.
 *
 * @param failures how often `run` has failed, 1 or more
 * @param random a number from 0 up to 1
 */
export function retryDelayMs(policy: RetryPolicy, failures: number, random: () => number = Math.random): number {
  const { minDelayMs, maxDelayMs, factor } = { ...DEFAULTS, ...policy }
  return Math.round(Math.min(maxDelayMs, minDelayMs * factor ** (failures - 1)) * random())
}
