import { z } from 'zod'
import { ownerSchema, sealSchema } from './sealed-input.js'

/** The longest title, author or ISBN, in characters. */
const MAX_TEXT = 500

const text = z.string().trim().min(1).max(MAX_TEXT)

/** A book to look up: by its ISBN, else by its title. */
export const askedBookSchema = z
  .object({
    isbn: text.optional().describe('ISBN-13 or ISBN-10, hyphens allowed'),
    title: text.optional(),
    author: text.optional(),
  })
  .refine(({ isbn, title }) => isbn !== undefined || title !== undefined, { message: 'needs an `isbn` or a `title`' })
export type AskedBook = z.infer<typeof askedBookSchema>

/** What `books-enrichment` takes. @param maxBatch how many books one may have */
export function enrichmentInputSchema(maxBatch: number) {
  return z.object({ books: z.array(askedBookSchema).min(1).max(maxBatch), owner: ownerSchema, seal: sealSchema })
}
export type EnrichmentInput = z.infer<ReturnType<typeof enrichmentInputSchema>>
