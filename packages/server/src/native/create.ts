import { createdJobSchema, jobIdSchema, jobTypeNameSchema, jsonSchema, isTerminal, ROUTES } from '@headway/protocol'
import type { CreatedJob } from '@headway/protocol'
import { z } from 'zod'
import type { ServerApp, ServerContext } from '../context.js'
import { publicJob } from '../jobs/public-job.js'
import type { CreatedByRequest, ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { JOBS_TAG } from './tags.js'

const paramsSchema = z.object({ type: jobTypeNameSchema.describe('A job type').meta({ examples: ['count'] }) })
const querySchema = z.object({
  id: jobIdSchema.optional().describe('The id of the job, where the client chooses it: a UUID'),
  priority: z.coerce.number().int().min(-1000).max(1000).optional().describe('Higher runs first; 0 by default'),
  runAt: z.iso.datetime({ offset: true }).optional().describe('The job does not start before this time'),
})
/** What a request that makes a job may have. */
export const idempotencyHeaderSchema = z.object({
  'Idempotency-Key': z.string().max(255).optional().describe('The same key makes one job, however often the request is sent'),
})
const headersSchema = idempotencyHeaderSchema.extend({
  Prefer: z.string().optional().describe('`wait=N`: answer when the job is over, or after N seconds (RFC 7240)'),
})

/** `POST /jobs/{type}`: creates a job. */
export function mountCreate(app: ServerApp, kit: ServerKit): void {
  addRoute(
    app,
    {
      method: 'post',
      path: ROUTES.createJob,
      tags: [JOBS_TAG.name],
      summary: 'Create a job',
      description:
        'The body is the input of the job. With `Prefer: wait=N` the answer waits for the end of the job: 200 when it is over, 201 when it is not.',
      access: 'key',
      params: paramsSchema,
      query: querySchema,
      headers: headersSchema,
      body: {
        schema: jsonSchema,
        required: false,
        examples: { count: { summary: 'The input of a job type that counts', value: { to: 3 } } },
      },
      responses: {
        200: {
          description: 'The job is over (with `Prefer: wait=N`), or the request was a repetition (with `Idempotent-Replayed: true`)',
          content: { 'application/json': createdJobSchema },
          headers: { Location: 'Where the job is', 'Preference-Applied': 'How long the answer waited at most' },
        },
        201: {
          description: 'The job was created',
          content: { 'application/json': createdJobSchema },
          headers: { Location: 'Where the job is' },
        },
      },
      errors: [
        'INVALID_JSON',
        'VALIDATION_ERROR',
        'UNKNOWN_JOB_TYPE',
        'JOB_EXISTS',
        'IDEMPOTENCY_MISMATCH',
        'BODY_TOO_LARGE',
        'UNSUPPORTED_MEDIA_TYPE',
        'SHUTTING_DOWN',
      ],
    },
    kit.rateLimit('api'),
    async (c) => {
      const principal = await kit.requireRole(c, 'run')
      const { type } = kit.readParams(c, paramsSchema)
      const { id, priority, runAt } = kit.readQuery(c, querySchema)
      const input = await kit.readJson(c, jsonSchema, { emptyAs: '{}' })
      const made = await kit.createJob(c, principal, type, input, {
        ...(id === undefined ? {} : { id }),
        ...(priority === undefined ? {} : { priority }),
        ...(runAt === undefined ? {} : { runAt: new Date(runAt) }),
      })
      const job = await kit.waitIfPreferred(c, made.job)
      return answerCreated(c, kit, { ...made, job })
    },
  )
}

/** The answer to a creation: 201, or 200 when nothing was created or all is over already. */
export function answerCreated(c: ServerContext, kit: ServerKit, { job, created, token }: CreatedByRequest): Response {
  const body: CreatedJob = {
    job: publicJob(job),
    token: token.token,
    eventsUrl: kit.publicUrl(c, ROUTES.events.replace('{id}', job.id)),
  }
  const location = kit.publicUrl(c, ROUTES.getJob.replace('{id}', job.id))
  return c.json(body, created && !isTerminal(job.status) ? 201 : 200, { Location: location })
}
