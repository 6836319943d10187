import { z } from 'zod'

/** What the cache knows of one content; kept as JSON beside it. */
export const Entry = z.object({
  version: z.literal(1),
  /** Of the content, in hex: a file that is not this content is never served. */
  sha256: z.string().regex(/^[\da-f]{64}$/),
  /** Of the content, in bytes. */
  size: z.number().int().nonnegative(),
  /** Where redirects ended, without user info, query and fragment. */
  finalUrl: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Until then it is used unasked; milliseconds since the Unix epoch. */
  freshUntil: z.number(),
})

export type Entry = z.infer<typeof Entry>
