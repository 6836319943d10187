import { z } from 'zod'

/** What the cache knows of one content. */
export const Entry = z.object({
  version: z.literal(2),
  /** Of the content, in hex: a file that is not this content is never served. */
  sha256: z.string().regex(/^[\da-f]{64}$/),
  /** Where redirects ended, without user info, query and fragment. */
  finalUrl: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Until then it is used unasked; milliseconds since the Unix epoch. */
  freshUntil: z.number(),
  /** What tells the rules for addresses under which it was got: under other ones it may be forbidden. */
  rules: z.string(),
})

export type Entry = z.infer<typeof Entry>

/** A content that is kept. */
export interface Copy extends Entry {
  /** Tells it from what is kept under the same key later. */
  readonly id: string
  /** Of the content, in bytes. */
  readonly size: number
}
