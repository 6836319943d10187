import { parseDuration } from '@headway/protocol'
import { z } from 'zod'
import { MAX_DURATION_MS } from '../limits.js'

/** A duration such as `500ms`, `10s`, `30m`, `2h` or `1d`; gives milliseconds. */
export const durationSchema = z.string({ error: 'must be a duration such as 500ms, 10s, 30m or 2h' }).transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== undefined && ms <= MAX_DURATION_MS) return ms
  const message = ms === undefined ? `"${text}" is no duration such as 500ms, 10s, 30m or 2h` : 'must be at most 24 days'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})
