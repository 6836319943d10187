import { z } from 'zod'
import { jsonSchema } from './json.js'
import { MAX_NAME_LENGTH } from './limits.js'

export const JOB_STATUSES = ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const
export const jobStatusSchema = z.enum(JOB_STATUSES)
export type JobStatus = z.infer<typeof jobStatusSchema>

/** Statuses after which nothing is appended to a job's log. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number]

/** Whether a job with this status is over. */
export function isTerminal(status: JobStatus): status is TerminalStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

/** A job's id: a UUID (version 4 where Headway makes it), in lower case. */
export const jobIdSchema = z.uuid().toLowerCase()
export type JobId = string

/** The name of a job type: lower-case words with `-`, `.` or `:` between them. */
export const jobTypeNameSchema = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(/^[a-z0-9]+([-.:_][a-z0-9]+)*$/, 'use lower-case letters and digits, with - . : or _ between them')

/**
 * How far a job has come: `done` of `total` (any unit), `total` null while it is not known. `fraction` says it where these don't: while
 * `total` grows. A job type may add members of its own.
 */
export const progressSchema = z
  .object({
    done: z.number().nonnegative().describe('In any unit'),
    total: z.number().nonnegative().nullable().describe('In the same unit; null while it is not known'),
    fraction: z.number().min(0).max(1).optional().describe('How far it is where done of total does not tell, because more may come'),
    message: z.string().optional(),
  })
  .meta({ additionalProperties: true })
export type Progress = z.infer<typeof progressSchema>

/** Why a job failed. `code` is stable and for programs, `message` is for people. */
export const jobErrorSchema = z.object({
  code: z.string().describe('Stable, for programs'),
  message: z.string().describe('For people'),
  retryable: z.boolean().optional().describe('Whether another attempt may do better'),
  details: jsonSchema.optional(),
})
export type JobError = z.infer<typeof jobErrorSchema>

export const jobRequestSchema = z.enum(['cancel', 'pause', 'resume'])
export type JobRequest = z.infer<typeof jobRequestSchema>

/** One run of a job type, as the native API shows it. Times are ISO 8601 in UTC. */
export const jobSchema = z.object({
  id: jobIdSchema,
  type: z.string(),
  status: jobStatusSchema,
  input: jsonSchema,
  progress: progressSchema.nullable(),
  result: jsonSchema.optional().describe('What a completed job gave'),
  error: jobErrorSchema.optional(),
  priority: z.int().describe('Higher runs first'),
  attempt: z.int().nonnegative().describe('Which attempt runs or ran last: 0 before the first'),
  recoveries: z.int().nonnegative().describe('Leases lost since the last checkpoint'),
  head: z.int().nonnegative().describe('The seq of the last event in the log'),
  request: jobRequestSchema.optional().describe('What was asked of the running job and has not happened yet'),
  concurrencyKey: z.string().optional().describe('Of jobs with the same key only so many run at a time'),
  parentId: jobIdSchema.optional().describe('The job that created this one'),
  retryOf: jobIdSchema.optional().describe('The job that this one runs again'),
  createdAt: z.iso.datetime(),
  runAt: z.iso.datetime().describe('The job does not start before this time'),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
})
export type Job = z.infer<typeof jobSchema>
