import { z } from 'zod'
import { blobRefSchema, ownerSchema, sealSchema } from './sealed-input.js'

/** The longest CSV text in an input, in characters; larger files are uploaded. */
const MAX_TEXT = 256 * 1024

/** What `books-import` takes: a CSV file that the service has kept, or its text. */
export const importInputSchema = z
  .object({
    text: z.string().max(MAX_TEXT).optional().describe('The CSV itself; larger files are uploaded to POST /v3/jobs/imports'),
    file: blobRefSchema.optional(),
    fileName: z.string().max(200).optional(),
    mapping: z.record(z.string(), z.string()).optional().describe('The column of each field, by its name in the header'),
    owner: ownerSchema,
    seal: sealSchema,
  })
  .refine(({ text, file }) => (text === undefined) !== (file === undefined), { message: 'needs a `text`' })
export type ImportInput = z.infer<typeof importInputSchema>
