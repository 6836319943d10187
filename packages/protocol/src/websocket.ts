import { z } from 'zod'
import { jobEventSchema, resetSchema, seqSchema } from './event.js'
import { jobIdSchema } from './job.js'

/**
 * Close codes that Headway's sockets use. 1008 and below are of RFC 6455; 1012 and 1013 are registered with
 * IANA; 4401, 4403 and 4408 are ours, after the HTTP statuses that a browser can't see on a refused upgrade.
 */
export const CLOSE_CODES = {
  normal: 1000,
  policy: 1008,
  restart: 1012,
  tryLater: 1013,
  unauthorized: 4401,
  forbidden: 4403,
  timeout: 4408,
} as const

/** Messages of a client on `/ws`. A token is sent where the connection's own does not cover the job. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('attach'),
    jobId: jobIdSchema,
    after: seqSchema.default(0).describe('The cursor: the last seq that you have'),
    token: z.string().optional().describe('Where that of the connection does not cover the job'),
  }),
  z.object({ type: z.literal('detach'), jobId: jobIdSchema }),
  z.object({
    type: z.enum(['cancel', 'pause', 'resume']),
    jobId: jobIdSchema,
    token: z.string().optional(),
    reason: z.string().max(500).optional(),
  }),
  z.object({
    type: z.literal('lists'),
    on: z.boolean().describe('Whether to be told when jobs have changed; needs an API key that reads'),
  }),
  z.object({ type: z.literal('ping') }),
])
export type ClientMessage = z.infer<typeof clientMessageSchema>

/** The most jobs that one `jobs.changed` names. */
export const MAX_CHANGED_JOBS = 100

/** Messages of the server on `/ws` and in the answers of `POST /follow`. Every one that speaks of an event carries its `seq`. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    version: z.string(),
    connectionId: z.string(),
    maxJobs: z.int().describe('How many jobs one connection may follow at a time'),
    heartbeatMs: z
      .int()
      .describe('After so much silence a heartbeat goes out, in milliseconds: a connection that is silent for twice as long is dead'),
  }),
  z.object({ type: z.literal('attached'), jobId: jobIdSchema, after: seqSchema, head: seqSchema }),
  z.object({ type: z.literal('event'), jobId: jobIdSchema, seq: z.int(), event: jobEventSchema }),
  z.object({ type: z.literal('reset'), jobId: jobIdSchema, reason: resetSchema.shape.reason, after: seqSchema, head: seqSchema }),
  z.object({ type: z.literal('end'), jobId: jobIdSchema, seq: z.int() }),
  z.object({ type: z.literal('detached'), jobId: jobIdSchema }),
  z.object({
    type: z.literal('jobs.changed'),
    jobIds: z.array(jobIdSchema).max(MAX_CHANGED_JOBS).describe('Jobs that were created, changed or removed'),
    more: z.boolean().describe('So did other jobs'),
  }),
  z.object({ type: z.literal('accepted'), jobId: jobIdSchema, request: z.string() }),
  z.object({ type: z.literal('heartbeat') }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string(), jobId: z.string().optional() }),
])
export type ServerMessage = z.infer<typeof serverMessageSchema>
