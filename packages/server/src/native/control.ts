import { createdJobSchema, jobSchema, requestBodySchema, ROUTES } from '@headway/protocol'
import type { ErrorCode, JobRequest } from '@headway/protocol'
import type { ServerApp } from '../context.js'
import { publicJob } from '../jobs/public-job.js'
import type { ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { answerCreated, idempotencyHeaderSchema } from './create.js'
import { jobParamsSchema } from './schemas.js'
import { JOBS_TAG } from './tags.js'

const REQUESTS: Record<JobRequest, { readonly summary: string; readonly errors: readonly ErrorCode[] }> = {
  cancel: { summary: 'Stop a job for good', errors: ['JOB_FINISHED'] },
  pause: { summary: 'Hold a job', errors: ['JOB_FINISHED', 'NOT_PAUSABLE'] },
  resume: { summary: 'Let a paused job go on', errors: ['JOB_FINISHED'] },
}

/** `POST /jobs/{id}/cancel`, `pause`, `resume` and `retry`. */
export function mountControl(app: ServerApp, kit: ServerKit): void {
  for (const [request, { summary, errors }] of Object.entries(REQUESTS) as [JobRequest, (typeof REQUESTS)[JobRequest]][]) {
    addRoute(
      app,
      {
        method: 'post',
        path: ROUTES.request.replace('{request}', request),
        tags: [JOBS_TAG.name],
        summary,
        description: 'It has happened when the status of the job says so; `request` in the job shows what is still to come.',
        access: 'job',
        params: jobParamsSchema,
        body: {
          schema: requestBodySchema,
          required: false,
          examples: { reason: { summary: 'With a word on why', value: { reason: 'wrong input' } } },
        },
        responses: {
          200: { description: 'The job, as it is now', content: { 'application/json': jobSchema } },
          202: { description: 'The running job was told', content: { 'application/json': jobSchema } },
        },
        errors: ['INVALID_JSON', 'VALIDATION_ERROR', 'JOB_NOT_FOUND', ...errors],
      },
      kit.rateLimit('api'),
      async (c) => {
        const job = await kit.authorizeJob(c, c.req.param('id') ?? '', 'control')
        const body = await kit.readJson(c, requestBodySchema, { emptyAs: '{}' })
        const asked = await kit.engine.request(job.id, request, body?.reason)
        return c.json(publicJob(asked), asked.request === undefined ? 200 : 202)
      },
    )
  }
  addRoute(
    app,
    {
      method: 'post',
      path: ROUTES.request.replace('{request}', 'retry'),
      tags: [JOBS_TAG.name],
      summary: 'Run a finished job again, as a new job',
      access: 'key',
      params: jobParamsSchema,
      headers: idempotencyHeaderSchema,
      responses: {
        200: {
          description: 'The request was a repetition (with `Idempotent-Replayed: true`)',
          content: { 'application/json': createdJobSchema },
        },
        201: { description: 'The new job, with `retryOf`', content: { 'application/json': createdJobSchema } },
      },
      errors: ['VALIDATION_ERROR', 'JOB_NOT_FOUND', 'JOB_NOT_FINISHED', 'UNKNOWN_JOB_TYPE', 'SHUTTING_DOWN'],
    },
    kit.rateLimit('api'),
    async (c) => {
      // The token of a job is for that one: whoever makes another needs a key.
      const principal = await kit.requireRole(c, 'run')
      const job = await kit.authorizeJob(c, c.req.param('id') ?? '', 'control')
      return answerCreated(c, kit, await kit.retryJob(c, principal, job))
    },
  )
}
