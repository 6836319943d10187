import { z } from 'zod'
import { jsonSchema } from './json.js'
import { jobErrorSchema, progressSchema } from './job.js'
import { MAX_NAME_LENGTH } from './limits.js'

/** The number of an event in its job's log: 1, 2, 3... As a cursor, the last seq that a watcher has (0: none). */
export const seqSchema = z.int().nonnegative()
export type Seq = number

/** The name of an event: it needs no escape in JSON, in an SSE field or in a URL. */
export const EVENT_TYPE_PATTERN = new RegExp(`^[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,${MAX_NAME_LENGTH - 1}}$`)
export const eventTypeSchema = z.string().regex(EVENT_TYPE_PATTERN)

/** One entry of a job's log. `at` is when it happened (ISO 8601, UTC, milliseconds). */
export const jobEventSchema = z.object({
  seq: z.int().positive().describe('1, 2, 3... within the job, without a gap'),
  at: z.iso.datetime().describe('When it happened: UTC, milliseconds. Not used for order'),
  type: eventTypeSchema,
  data: jsonSchema,
})
export interface JobEvent {
  readonly seq: Seq
  readonly at: string
  readonly type: string
  readonly data: z.infer<typeof jsonSchema>
}

/**
 * Events that the engine itself writes, with the shape of their data. A job can't emit them:
 * that is how a log keeps exactly one terminal event, and why a status is always a fold over it.
 */
export const lifecycleSchemas = {
  /** The first event of every log. */
  created: z.object({
    type: z.string().describe('The job type'),
    input: jsonSchema.optional().describe('Absent where it is large: see the job'),
    retryOf: z.string().optional().describe('The job that this one runs again'),
  }),
  /** A worker took the job. `attempt` counts failures of `run`, `recoveries` counts lost leases. */
  claimed: z.object({
    worker: z.string(),
    epoch: z.int().describe('Grows with every change of owner'),
    attempt: z.int().describe('Counts failures of the work, from 1'),
    recoveries: z.int().describe('Leases lost since the last checkpoint'),
  }),
  /** The worker gave the job back before its end: a retry after a failure, or a server that stops. */
  released: z.object({ reason: z.string(), runAt: z.iso.datetime(), error: jobErrorSchema.optional() }),
  /** The worker was lost, and the job waits for another. */
  recovered: z.object({ reason: z.string(), recoveries: z.int(), runAt: z.iso.datetime() }),
  /** A cancel was asked for and the work is being stopped. */
  cancelling: z.object({ reason: z.string().optional() }),
  paused: z.object({ reason: z.string().optional() }),
  resumed: z.object({ reason: z.string().optional() }),
  completed: z.object({ result: jsonSchema.optional() }),
  failed: z.object({ error: jobErrorSchema }),
  /** `details` is what the work said of its end, where it did. */
  cancelled: z.object({ reason: z.string().optional(), details: jsonSchema.optional() }),
} as const
export type LifecycleEventType = keyof typeof lifecycleSchemas

/** Names that only the engine may give to an event. `reset` is said by a stream and is never in a log. */
export const RESERVED_EVENT_TYPES: ReadonlySet<string> = new Set([...Object.keys(lifecycleSchemas), 'reset'])

/** Events with a meaning for every job type, which jobs emit through `ctx.progress` and `ctx.log`. */
export const commonSchemas = {
  progress: progressSchema,
  log: z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() }),
} as const
export type LogLevel = z.infer<(typeof commonSchemas)['log']>['level']

/**
 * Said in a stream when the history that a watcher asked for is gone. Whoever gets it throws away what it
 * has; the stream goes on after `after`.
 */
export const resetSchema = z.object({
  type: z.literal('reset'),
  reason: z
    .enum(['pruned', 'ahead'])
    .describe('`pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup'),
  after: seqSchema.describe('The stream goes on after this seq'),
  head: seqSchema.describe('The last seq of the log'),
})
export type Reset = z.infer<typeof resetSchema>
