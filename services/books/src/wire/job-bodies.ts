import { jobIdSchema } from '@headway/protocol'
import { z } from 'zod'
import { askedBookSchema } from '../jobs/enrichment-input.js'

const fileSchema = z.string().meta({ format: 'binary' })

/** The form of an import. */
export const importBodySchema = z.object({
  file: fileSchema.describe('The CSV file'),
  mapping: z.string().optional().describe('JSON: the column of each field, by its name in the header: `{"title": "Buchtitel"}`'),
})

/** The form of a scan. */
export const photosBodySchema = z.object({ 'photos[]': z.array(fileSchema).describe('JPEG, PNG or WebP') })

const isbnSchema = z.string().trim().min(1).max(40)

/** @param maxBatch how many books one enrichment may have */
export function enrichmentBodySchema(maxBatch: number) {
  return z
    .object({
      books: z.array(askedBookSchema).min(1).max(maxBatch).optional(),
      isbns: z.array(isbnSchema).min(1).max(maxBatch).optional(),
      jobId: jobIdSchema.optional().describe('The id that the job shall have: the same request again then finds it'),
    })
    .refine(({ books, isbns }) => (books === undefined) !== (isbns === undefined), { message: 'needs `books` or `isbns`' })
}
