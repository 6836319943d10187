import { nameSchema } from '@headway/server'
import type { ServerContext } from '@headway/server'
import { z } from 'zod'
import { EXAMPLE_METADATA } from './examples.js'

export const metadataSchema = z.object({
  timestamp: z.iso.datetime(),
  requestId: z.string().optional().describe('Also in the log of the server'),
  cached: z.boolean().optional(),
  processingTime: z.number().nonnegative().optional().describe('In milliseconds'),
})
type Metadata = z.infer<typeof metadataSchema>

nameSchema('BooksMetadata', metadataSchema)

/**
 * The envelope of every answer but an error.
 *
 * @param name in the API descriptions
 * @param example of the data
 */
export function answerSchema<Data extends z.ZodType>(name: string, data: Data, example: z.input<Data>) {
  const schema = z.object({ success: z.literal(true), data, metadata: metadataSchema })
  nameSchema(name, schema, { example: { success: true, data: example, metadata: EXAMPLE_METADATA } })
  return schema
}

export const errorAnswerSchema = z.object({
  success: z.literal(false),
  error: z.object({
    code: z.string().describe('Stable, for programs'),
    message: z.string().describe('What is wrong and what to do'),
    retryable: z.boolean().optional(),
    statusCode: z.int().optional(),
    retryAfterMs: z.int().nonnegative().optional(),
    fields: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .describe('Which fields are wrong, as JSON pointers'),
  }),
})
nameSchema('BooksError', errorAnswerSchema, { description: 'An error of V3' })

/** The same by another name: V1 and V2 send it as plain JSON, and what has one name in the descriptions has one content type. */
export const oldErrorAnswerSchema = errorAnswerSchema.extend({})
nameSchema('BooksErrorV2', oldErrorAnswerSchema, { description: 'An error of V1 and V2' })
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>

/** What an answer says beside its data. @param startedAt of the handling, by `performance.now()` */
export function metadataOf(c: ServerContext, startedAt?: number, cached?: boolean): Metadata {
  return {
    timestamp: new Date().toISOString(),
    requestId: c.var.client.requestId,
    ...(cached !== undefined && { cached }),
    ...(startedAt !== undefined && { processingTime: Math.round(performance.now() - startedAt) }),
  }
}

/** Answers with data in the envelope. */
export function answer(
  c: ServerContext,
  data: object,
  options: {
    readonly status?: 200 | 202
    readonly headers?: Readonly<Record<string, string>>
    readonly startedAt?: number
    readonly cached?: boolean
  } = {},
): Response {
  const body = { success: true, data, metadata: metadataOf(c, options.startedAt, options.cached) }
  return c.json(body, options.status ?? 200, { ...options.headers })
}
