import { z } from 'zod'
import { blobRefSchema } from './sealed-input.js'

const count = z.int().nonnegative()

/** What became of the rows of an import; they add up. */
export const importCountsSchema = z.object({ rows: count, imported: count, duplicates: count, failed: count, blank: count })

/** The result of every job of this service: what is large lies in blobs, as ready JSON arrays. */
const resultSchema = z.object({
  /** One object for each item that was asked for, or for each book that was kept. */
  results: blobRefSchema,
  /** Those of them that are books, as a client stores them. */
  books: blobRefSchema,
  total: count,
  /** How many `books` has. */
  found: count,
  /** When the job began. */
  startedAt: z.iso.datetime().optional(),
})

export const importResultSchema = resultSchema.extend({
  counts: importCountsSchema,
  /** One object for each trouble with a row. */
  errors: blobRefSchema,
  /** The rows that failed, as CSV to mend and send again. */
  failedRows: blobRefSchema.optional(),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const enrichmentResultSchema = resultSchema
export type EnrichmentResult = z.infer<typeof enrichmentResultSchema>

export const scanResultSchema = resultSchema.extend({
  /** The photos with what was found in them drawn in, as JPEG, in their order; null for one that could not be read. */
  annotated: z.array(blobRefSchema.nullable()),
  /** What was wrong with photos. */
  errors: z.array(z.object({ photo: count, code: z.string(), message: z.string() })),
})
export type ScanResult = z.infer<typeof scanResultSchema>

/** What a stream says of any of them. */
export const shownResultSchema = resultSchema.extend({
  counts: importCountsSchema.optional(),
  /** Those of an import are fetched. */
  errors: scanResultSchema.shape.errors.optional().catch(undefined),
})
export type ShownResult = z.infer<typeof shownResultSchema>
