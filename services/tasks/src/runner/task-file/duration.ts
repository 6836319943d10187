import { z } from 'zod'
import { MAX_DURATION_MS } from '../limits.js'

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A duration such as `500ms`, `10s`, `30m`, `2h` or `1d`; gives milliseconds. */
export const durationSchema = z.string({ error: 'must be a duration such as 500ms, 10s, 30m or 2h' }).transform((text, context) => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  const ms = amount === undefined ? NaN : Math.round(Number(amount) * UNITS[unit as keyof typeof UNITS])
  if (ms <= MAX_DURATION_MS) return ms
  const message = Number.isNaN(ms) ? `"${text}" is no duration such as 500ms, 10s, 30m or 2h` : 'must be at most 24 days'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})
