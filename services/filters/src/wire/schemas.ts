import { jobIdSchema, jsonSchema } from '@headway/protocol'
import { nameSchema } from '@headway/server'
import { z } from 'zod'
import { MAX_BATCH } from '../jobs/batch-input.js'
import { checkedConfigurationSchema, preFetchedContentSchema } from '../jobs/compile-input.js'
import { compileMetricsSchema, diffSchema } from '../jobs/compile-result.js'
import { configurationSchema, EXAMPLE_CONFIGURATION } from './schemas-configuration.js'

export const EXAMPLE_ID = '7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51'
export const EXAMPLE_TOKEN = 'the-token-of-this-compilation'

const success = z.literal(true)
const requestId = jobIdSchema.describe('Of the compilation: the id of its job')
const token = z.string().describe('Reads and controls this compilation: as `Authorization: Bearer` or `X-Job-Token`')

const benchmark = z.boolean().optional().describe('Adds `metrics.transformationMetrics`')
const preFetchedContent = preFetchedContentSchema
  .optional()
  .describe('Texts that stand for sources, by their `source` in the configuration: these are not loaded')

/** What a client sends, checked. `packedContent` is put in by the server where a body is large, in place of `preFetchedContent`. */
export const compileBodySchema = z.object({
  configuration: checkedConfigurationSchema,
  preFetchedContent,
  benchmark,
  packedContent: z.instanceof(Uint8Array).optional(),
})

/** The same as the API descriptions show it. */
export const describedCompileBodySchema = z.object({ configuration: configurationSchema, preFetchedContent, benchmark })

const batchId = z.string().min(1).max(128).describe('The name of this list in the batch; each once')

function uniqueIds(requests: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>()
  for (const [index, { id }] of requests.entries()) {
    if (seen.has(id)) context.addIssue({ code: 'custom', message: 'must be unique in the batch', path: [index, 'id'] })
    seen.add(id)
  }
}

export const batchBodySchema = z.object({
  requests: z
    .array(compileBodySchema.extend({ id: batchId }))
    .min(1)
    .max(MAX_BATCH)
    .superRefine(uniqueIds),
})

export const describedBatchBodySchema = z.object({
  requests: z
    .array(describedCompileBodySchema.extend({ id: batchId }))
    .min(1)
    .max(MAX_BATCH),
})

/** A compiled list. */
const listMembers = {
  rules: z.array(z.string()).describe('The lines of the list, its header first'),
  ruleCount: z.int().nonnegative().describe('How many lines it has'),
  metrics: compileMetricsSchema,
  compiledAt: z.iso.datetime(),
  cached: z.boolean().describe('The sources were looked at again and had not changed: an earlier result'),
  diff: diffSchema.optional().describe('What differs from the previous list of the same name; absent where there is none'),
}

/** A compilation that is over. */
export const compileAnswerSchema = z.object({ success, requestId, ...listMembers })

export const errorAnswerSchema = z.object({
  success: z.literal(false),
  error: z.string().describe('What is wrong and what to do, for people'),
  code: z.string().describe('Stable, for programs'),
  errors: z
    .array(z.object({ pointer: z.string(), message: z.string() }))
    .optional()
    .describe('Which fields are wrong, as JSON pointers (RFC 6901)'),
  details: z.record(z.string(), jsonSchema).optional(),
  requestId: requestId.optional(),
})

const batchItemSchema = z.union([
  z.object({ id: batchId, success, ...listMembers }),
  z.object({ id: batchId, success: z.literal(false), error: z.string(), code: z.string() }),
])

export const batchAnswerSchema = z.object({ success, requestId, results: z.array(batchItemSchema) })

export const acceptedAnswerSchema = z.object({
  success,
  requestId,
  token,
  status: z.literal('pending'),
  message: z.string(),
  streamUrl: z.url().optional().describe('Where its events are; of single compilations'),
  resultsUrl: z.url(),
  cancelUrl: z.url(),
  batchSize: z.int().positive().optional(),
})

/** What clients of this service see of a job's status. */
export const STATUSES = ['pending', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const

export const pendingAnswerSchema = z.object({
  success,
  requestId,
  status: z.enum(STATUSES),
  progress: z.object({ current: z.number(), total: z.number().nullable(), message: z.string().optional() }).nullable(),
})

export const resultsAnswerSchema = z.union([
  compileAnswerSchema.extend({ status: z.literal('completed') }),
  batchAnswerSchema.extend({ status: z.literal('completed') }),
  errorAnswerSchema.extend({
    requestId,
    status: z.enum(['failed', 'cancelled']),
    results: z.array(batchItemSchema).optional().describe('Of a batch: the lists that were done, and why the others were not'),
  }),
])

export const statsAnswerSchema = z.object({
  success,
  pending: z.int().nonnegative().describe('Compilations that wait for their turn: in the queue or for a thread'),
  running: z.int().nonnegative().describe('Compilations under way, paused ones too'),
  completed: z.int().nonnegative().describe('All that ever were, also those whose results are not kept any more'),
  failed: z.int().nonnegative(),
  cancelled: z.int().nonnegative(),
  averageProcessingTime: z.number().nonnegative().describe('Of the latest 100 since the server started, in milliseconds'),
  queueLag: z.number().nonnegative().describe('How long the latest 100 waited for their turn, on average, in milliseconds'),
})

export const cancelAnswerSchema = z.object({
  success,
  requestId,
  status: z.enum(STATUSES).describe('`cancelled`, or what it still is until the work has stopped'),
  message: z.string(),
})

export const validateBodySchema = z.object({ configuration: jsonSchema, preFetchedContent })
export const describedValidateBodySchema = z.object({
  configuration: jsonSchema.describe('A configuration, right or wrong'),
  preFetchedContent,
})

export const validateAnswerSchema = z.object({
  success,
  valid: z.boolean(),
  errors: z.array(z.object({ pointer: z.string().describe('JSON pointer (RFC 6901) into the configuration'), message: z.string() })),
})

export const ticketAnswerSchema = z.object({ success, streamUrl: z.url(), expiresAt: z.iso.datetime() })
export const requestIdParamsSchema = z.object({ requestId: requestId.meta({ examples: [EXAMPLE_ID] }) })
export const jobTokenHeadersSchema = z.object({
  'X-Job-Token': z.string().optional().describe('The token of the compilation; `Authorization: Bearer` takes it, too'),
})
export const cancelBodySchema = z.object({ reason: z.string().max(500).optional() })

export const EXAMPLE_METRICS = {
  totalDurationMs: 1234,
  sourceCount: 1,
  ruleCount: 2,
  sources: [{ name: 'Ads', source: 'https://example.com/filters.txt', loadedCount: 3, ruleCount: 2, bytes: 51_200, durationMs: 234 }],
}
export const EXAMPLE_LIST = {
  rules: ['||ads.example.com^', '||tracking.example.com^'],
  ruleCount: 2,
  metrics: EXAMPLE_METRICS,
  compiledAt: '2026-01-14T05:00:00.000Z',
  cached: false,
}
export const EXAMPLE_BODY = {
  configuration: EXAMPLE_CONFIGURATION,
  preFetchedContent: { 'hosts.txt': '0.0.0.0 ads.example' },
  benchmark: true,
}

nameSchema('CompileRequest', describedCompileBodySchema, { example: EXAMPLE_BODY })
nameSchema('CompileBatchRequest', describedBatchBodySchema, { example: { requests: [{ id: 'first', ...EXAMPLE_BODY }] } })
nameSchema('CompileMetrics', compileMetricsSchema, { description: 'Durations in milliseconds, sizes in bytes, counts in lines' })
nameSchema('ListDiff', diffSchema, {
  description: 'Rules that came and went since the previous list of the same name; examples are the first of them',
  example: {
    added: 1,
    removed: 0,
    addedExamples: ['||new.example^'],
    removedExamples: [],
    previousCompiledAt: '2026-01-13T05:00:00.000Z',
  },
})
nameSchema('CompileAnswer', compileAnswerSchema, { example: { success: true, requestId: EXAMPLE_ID, ...EXAMPLE_LIST } })
nameSchema('CompileError', errorAnswerSchema, {
  example: { success: false, error: 'https://example.com/filters.txt: the server answered 404.', code: 'SOURCE_HTTP_STATUS' },
})
nameSchema('CompileBatchAnswer', batchAnswerSchema, {
  example: { success: true, requestId: EXAMPLE_ID, results: [{ id: 'first', success: true, ...EXAMPLE_LIST }] },
})
nameSchema('CompileAccepted', acceptedAnswerSchema, {
  example: {
    success: true,
    requestId: EXAMPLE_ID,
    token: EXAMPLE_TOKEN,
    status: 'pending',
    message: 'The compilation is queued.',
    streamUrl: `http://127.0.0.1:3000/compile/stream/${EXAMPLE_ID}`,
    resultsUrl: `http://127.0.0.1:3000/queue/results/${EXAMPLE_ID}`,
    cancelUrl: `http://127.0.0.1:3000/queue/cancel/${EXAMPLE_ID}`,
  },
})
nameSchema('CompilePending', pendingAnswerSchema, {
  example: { success: true, requestId: EXAMPLE_ID, status: 'running', progress: { current: 1, total: 2, message: 'Loading' } },
})
nameSchema('CompileResults', resultsAnswerSchema, {
  example: { success: true, requestId: EXAMPLE_ID, status: 'completed', ...EXAMPLE_LIST },
})
nameSchema('QueueStats', statsAnswerSchema, {
  example: { success: true, pending: 0, running: 1, completed: 12, failed: 1, cancelled: 0, averageProcessingTime: 840, queueLag: 3 },
})
nameSchema('CompileCancelled', cancelAnswerSchema, {
  example: { success: true, requestId: EXAMPLE_ID, status: 'cancelled', message: 'The compilation is cancelled.' },
})
nameSchema('ConfigurationCheck', validateAnswerSchema, {
  example: { success: true, valid: false, errors: [{ pointer: '/sources/0/transformations/2', message: 'is no transformation' }] },
})
nameSchema('ConfigurationToCheck', describedValidateBodySchema, { example: { configuration: { name: 'My Filter List', sources: [] } } })
nameSchema('CompileCancelRequest', cancelBodySchema, { example: { reason: 'wrong list' } })
nameSchema('CompileTicket', ticketAnswerSchema, {
  description: "A URL that reads a compilation's stream without any header, until it expires",
  example: {
    success: true,
    streamUrl: `http://127.0.0.1:3000/compile/stream/${EXAMPLE_ID}?ticket=${EXAMPLE_TOKEN}`,
    expiresAt: '2026-01-14T06:00:00.000Z',
  },
})
