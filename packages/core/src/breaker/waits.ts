/**
 * How long a `Retry-After` header asks to wait, in milliseconds: seconds or a date (RFC 9110, 10.2.3). Undefined where it says neither.
 *
 * @param now milliseconds since the Unix epoch
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim()
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Bounds of the waits between attempts, in milliseconds. `random`: from 0 up to 1. */
export interface BackoffRules {
  readonly minDelayMs: number
  readonly maxDelayMs: number
  readonly random: () => number
}

/** How long to wait after so many attempts: exponential backoff with jitter, any time between half the bound and the bound. */
export function backoffMs({ minDelayMs, maxDelayMs, random }: BackoffRules, made: number): number {
  return Math.round(Math.min(maxDelayMs, minDelayMs * 2 ** (made - 1)) * (0.5 + random() / 2))
}
