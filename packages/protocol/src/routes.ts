import { z } from 'zod'
import { jobEventSchema, resetSchema, seqSchema } from './event.js'
import { jobRequestSchema, jobIdSchema, jobSchema, jobStatusSchema } from './job.js'

/** Paths of the native API, as templates of RFC 6570 level 1. */
export const ROUTES = {
  createJob: '/jobs/{type}',
  listJobs: '/jobs',
  getJob: '/jobs/{id}',
  events: '/jobs/{id}/events',
  request: '/jobs/{id}/{request}',
  ticket: '/jobs/{id}/ticket',
  websocket: '/ws',
  openapi: '/openapi.json',
  metrics: '/metrics',
  health: '/health',
  live: '/health/live',
  ready: '/health/ready',
} as const

/** The answer to a creation. `token` reads and controls this one job; it is given to whoever created it. */
export const createdJobSchema = z.object({
  job: jobSchema,
  token: z.string(),
  eventsUrl: z.url(),
})
export type CreatedJob = z.infer<typeof createdJobSchema>

/** A page of jobs, newest first. `nextCursor` is opaque; null on the last page. */
export const jobPageSchema = z.object({ jobs: z.array(jobSchema), nextCursor: z.string().nullable() })
export type JobPage = z.infer<typeof jobPageSchema>

export const jobListQuerySchema = z.object({
  type: z.string().optional().describe('Only these job types, separated by commas'),
  status: z
    .string()
    .optional()
    .describe(`Only these statuses, separated by commas: ${jobStatusSchema.options.join(', ')}`),
  text: z.string().max(200).optional().describe('Only jobs whose input, id or type has this text'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
})

/** A page of a job's log. `closed`: the log has its terminal event; `next`: the cursor for the page after it. */
export const eventPageSchema = z.object({
  events: z.array(jobEventSchema),
  next: seqSchema,
  head: seqSchema,
  closed: z.boolean(),
  /** The history after the asked cursor is gone: the events of this page follow on `reset.after` instead. */
  reset: resetSchema.optional(),
})

/** A URL that reads one job's stream without any header, until `expiresAt`. */
export const ticketSchema = z.object({ eventsUrl: z.url(), expiresAt: z.iso.datetime() })

export const requestBodySchema = z.object({ reason: z.string().max(500).optional() }).optional()
export const requestParamsSchema = z.object({ id: jobIdSchema, request: z.union([jobRequestSchema, z.literal('retry')]) })
