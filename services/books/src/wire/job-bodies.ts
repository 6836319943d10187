import { nameSchema } from '@headway/server'
import { z } from 'zod'
import { askedBookSchema } from '../jobs/enrichment-input.js'
import { EXAMPLE_BOOK } from './examples.js'

const fileSchema = z.string().meta({ format: 'binary' })

/** The form of an import. */
export const importBodySchema = z.object({
  file: fileSchema.describe('The CSV file'),
  mapping: z.string().optional().describe('JSON: the column of each field, by its name in the header: `{"title": "Buchtitel"}`'),
})

nameSchema('ImportForm', importBodySchema, { example: { file: 'Title,Author,ISBN13\r\n...', mapping: '{"title": "Buchtitel"}' } })

/** The form of a scan. */
export const photosBodySchema = z.object({ 'photos[]': z.array(fileSchema).describe('JPEG, PNG or WebP') })
nameSchema('ScanForm', photosBodySchema, { example: { 'photos[]': ['(the bytes of shelf.jpg)'] } })
nameSchema('AskedBook', askedBookSchema, { example: { isbn: EXAMPLE_BOOK.isbn } })

/** Others tell where and when they were made, and can be guessed; whoever has the id of a job may look at its status. */
const chosenIdSchema = z.uuid({ version: 'v4', error: 'must be a UUID v4' }).toLowerCase()

const isbnSchema = z.string().trim().min(1).max(40)

/** @param maxBatch how many books one enrichment may have */
export function enrichmentBodySchema(maxBatch: number) {
  const schema = z
    .object({
      books: z.array(askedBookSchema).min(1).max(maxBatch).optional(),
      isbns: z.array(isbnSchema).min(1).max(maxBatch).optional(),
      jobId: chosenIdSchema.optional().describe('The id that the job shall have, a UUID v4: the same request again then finds it'),
    })
    .refine(({ books, isbns }) => (books === undefined) !== (isbns === undefined), { message: 'needs `books` or `isbns`' })
  nameSchema('EnrichmentRequest', schema, { example: { books: [{ isbn: EXAMPLE_BOOK.isbn }, { title: 'Emma', author: 'Jane Austen' }] } })
  return schema
}
