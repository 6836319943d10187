import { z } from 'zod'

/** What every stream takes in its URL, whether its description says so or not. */
export const streamQuerySchema = z.object({
  after: z.string().max(32).optional().describe('The cursor: the last seq that you have, 0 for all'),
  ticket: z.string().optional().describe('A ticket, instead of a header'),
})

/** What every stream takes in its header fields. */
export const streamHeadersSchema = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .describe('The id of the last message that you have: the stream goes on after it; it wins over `after`'),
})
