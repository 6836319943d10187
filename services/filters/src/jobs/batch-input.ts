import { z } from 'zod'
import { compileInputSchema } from './compile-input.js'
import { compileResultSchema } from './compile-result.js'

/** The job type of several lists at once. */
export const BATCH_JOB_TYPE = 'compile-filters-batch'

/** How many lists one batch may have. */
export const MAX_BATCH = 10

/** Tells what became of one list of a batch (`batchItemSchema`), so that it is known also where the batch does not come to its end. */
export const BATCH_ITEM_EVENT = 'batch:item'

export const batchInputSchema = z.object({
  requests: z
    .array(compileInputSchema.omit({ owner: true, seal: true }).extend({ id: z.string().min(1).max(128) }))
    .min(1)
    .max(MAX_BATCH),
  owner: compileInputSchema.shape.owner,
  seal: compileInputSchema.shape.seal,
})
export type BatchInput = z.infer<typeof batchInputSchema>

const failedItemSchema = z.object({ code: z.string(), message: z.string() })

/** What became of one list. */
export const batchItemSchema = z.union([
  z.object({ id: z.string(), result: compileResultSchema }),
  z.object({ id: z.string(), error: failedItemSchema }),
])
export type BatchItem = z.infer<typeof batchItemSchema>

/** What became of each list, in the order of the requests. */
export const batchResultSchema = z.object({ results: z.array(batchItemSchema) })
export type BatchResult = z.infer<typeof batchResultSchema>
