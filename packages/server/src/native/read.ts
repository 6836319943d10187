import { HeadwayError } from '@headway/core'
import { jobListQuerySchema, jobPageSchema, jobSchema, jobStatusSchema, ROUTES } from '@headway/protocol'
import type { JobStatus } from '@headway/protocol'
import type { ServerApp } from '../context.js'
import { publicJob } from '../jobs/public-job.js'
import type { ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { jobParamsSchema } from './schemas.js'
import { JOBS_TAG } from './tags.js'

/** More types or statuses than this in one query are a mistake. */
const MAX_FILTER_VALUES = 50

/** `GET /jobs` and `GET /jobs/{id}`. */
export function mountRead(app: ServerApp, kit: ServerKit): void {
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.listJobs,
      tags: [JOBS_TAG.name],
      summary: 'List jobs, newest first',
      access: 'key',
      query: jobListQuerySchema,
      responses: { 200: { description: 'A page of jobs', content: { 'application/json': jobPageSchema } } },
      errors: ['VALIDATION_ERROR', 'INVALID_CURSOR'],
    },
    kit.rateLimit('api'),
    async (c) => {
      await kit.requireRole(c, 'read')
      const { type, status, text, createdAfter, createdBefore, limit, cursor } = kit.readQuery(c, jobListQuerySchema)
      const page = await kit.engine.list({
        limit,
        ...(type === undefined ? {} : { types: filterValues('type', type) }),
        ...(status === undefined ? {} : { statuses: filterValues('status', status).map(statusOf) }),
        ...(text === undefined || text === '' ? {} : { text }),
        ...(createdAfter === undefined ? {} : { createdAfter: new Date(createdAfter) }),
        ...(createdBefore === undefined ? {} : { createdBefore: new Date(createdBefore) }),
        ...(cursor === undefined ? {} : { cursor }),
      })
      return c.json({ jobs: page.items.map(publicJob), nextCursor: page.nextCursor })
    },
  )
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.getJob,
      tags: [JOBS_TAG.name],
      summary: 'Look at a job',
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The job', content: { 'application/json': jobSchema } } },
      errors: ['JOB_NOT_FOUND'],
    },
    kit.rateLimit('api'),
    async (c) => c.json(publicJob(await kit.authorizeJob(c, c.req.param('id') ?? '', 'read'))),
  )
}

function filterValues(name: string, text: string): string[] {
  const values = text.split(',').map((value) => value.trim())
  if (values.includes('') || values.length > MAX_FILTER_VALUES) {
    throw fieldError(name, `give 1 to ${MAX_FILTER_VALUES} names with commas between them`)
  }
  return values
}

function statusOf(text: string): JobStatus {
  const status = jobStatusSchema.safeParse(text)
  if (!status.success) throw fieldError('status', `known statuses are ${jobStatusSchema.options.join(', ')}`)
  return status.data
}

function fieldError(name: string, message: string): HeadwayError {
  return new HeadwayError('VALIDATION_ERROR', `The query does not fit: /${name}: ${message}`, {
    fields: [{ pointer: `/${name}`, message }],
  })
}
