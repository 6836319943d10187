import { z } from 'zod'
import { jobEventSchema, resetSchema, seqSchema } from './event.js'
import { jobRequestSchema, jobIdSchema, jobSchema, jobStatusSchema } from './job.js'

/** Paths of the native API, as templates of RFC 6570 level 1. */
export const ROUTES = {
  createJob: '/jobs/{type}',
  listJobs: '/jobs',
  getJob: '/jobs/{id}',
  result: '/jobs/{id}/result',
  events: '/jobs/{id}/events',
  request: '/jobs/{id}/{request}',
  ticket: '/jobs/{id}/ticket',
  types: '/types',
  stats: '/stats',
  follow: '/follow',
  websocket: '/ws',
  openapi: '/openapi.json',
  openapiYaml: '/docs/api/openapi.yaml',
  asyncapiYaml: '/docs/api/asyncapi.yaml',
  metrics: '/metrics',
  health: '/health',
  live: '/health/live',
  ready: '/health/ready',
} as const

/** The answer to a creation. `token` reads and controls this one job; it is given to whoever created it. */
export const createdJobSchema = z.object({
  job: jobSchema,
  token: z.string().describe('Reads and controls this one job'),
  eventsUrl: z.url().describe('The log of the job'),
})
export type CreatedJob = z.infer<typeof createdJobSchema>

/** A page of jobs, newest first. `nextCursor` is opaque; null on the last page. */
export const jobPageSchema = z.object({
  jobs: z.array(jobSchema),
  nextCursor: z.string().nullable().describe('Gives the next page; null on the last one'),
})
export type JobPage = z.infer<typeof jobPageSchema>

export const jobListQuerySchema = z.object({
  type: z.string().optional().describe('Only these job types, separated by commas'),
  status: z
    .string()
    .optional()
    .describe(`Only these statuses, separated by commas: ${jobStatusSchema.options.join(', ')}`),
  text: z.string().max(200).optional().describe('Only jobs whose input, id or type has this text'),
  createdAfter: z.iso.datetime({ offset: true }).optional().describe('Only jobs that were created at this time or later'),
  createdBefore: z.iso.datetime({ offset: true }).optional().describe('Only jobs that were created before this time'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('The most jobs in the page'),
  cursor: z.string().max(512).optional().describe('The `nextCursor` of an earlier page'),
})

/** A page of a job's log. `closed`: the log has its terminal event; `next`: the cursor for the page after it. */
export const eventPageSchema = z.object({
  events: z.array(jobEventSchema),
  next: seqSchema.describe('The cursor for the page after it'),
  head: seqSchema.describe('The last seq of the log'),
  closed: z.boolean().describe('The log has its terminal event: stop when `next` equals `head`, too'),
  reset: resetSchema
    .optional()
    .describe('The history after the asked cursor is gone: the events of this page follow on `reset.after` instead'),
})

/** A URL that reads one job's stream without any header, until `expiresAt`. */
export const ticketSchema = z.object({ eventsUrl: z.url(), expiresAt: z.iso.datetime() })

export const requestBodySchema = z.object({ reason: z.string().max(500).optional().describe('Why, for the log') }).optional()
export const requestParamsSchema = z.object({ id: jobIdSchema, request: z.union([jobRequestSchema, z.literal('retry')]) })
