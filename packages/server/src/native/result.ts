import { HeadwayError } from '@headway/core'
import type { Engine, StoredJob } from '@headway/core'
import { isTerminal, jsonSchema, lifecycleSchemas, ROUTES } from '@headway/protocol'
import type { Json } from '@headway/protocol'
import { answerJson } from '../body/answer-json.js'
import type { ServerApp } from '../context.js'
import type { ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { namesBlob, resultPieces } from './result-pieces.js'
import { jobParamsSchema } from './schemas.js'
import { JOBS_TAG } from './tags.js'

/** `GET /jobs/{id}/result`: the whole result of a completed job. */
export function mountResult(app: ServerApp, kit: ServerKit): void {
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.result,
      tags: [JOBS_TAG.name],
      summary: 'The result of a completed job',
      description:
        'All of it: what is large and only referred to in the job stands in its place here. Of a job that failed or was cancelled the error has `details`: `status`, and `error` or `reason`.',
      access: 'job',
      params: jobParamsSchema,
      responses: {
        200: {
          description: 'The result; null where the job gave none',
          content: { 'application/json': jsonSchema },
          examples: { count: { summary: 'Of a job that counts', value: { counted: 3 } } },
        },
      },
      errors: ['JOB_NOT_FOUND', 'JOB_NOT_FINISHED', 'JOB_NOT_COMPLETED', 'NOT_FOUND'],
    },
    kit.rateLimit('api'),
    async (c) => {
      const job = await kit.authorizeJob(c, c.req.param('id') ?? '', 'read')
      if (!isTerminal(job.status)) {
        throw new HeadwayError('JOB_NOT_FINISHED', `The job is ${job.status}: it has no result yet. Follow it to its end.`, {
          details: { status: job.status },
        })
      }
      if (job.status !== 'completed') throw await notCompleted(job, kit.engine)
      const type = kit.engine.typeOf(job.type)
      if (type === undefined && namesBlob(job.result ?? null)) {
        throw new HeadwayError(
          'NOT_FOUND',
          `The result refers to what was kept apart, and the job type "${job.type}", which says where it belongs, is not known here now.`,
        )
      }
      const { jsonBlobs = [] } = type ?? {}
      return answerJson(c, kit.engine.stores.blobs, resultPieces(job.result ?? null, jsonBlobs), 200, {})
    },
  )
}

async function notCompleted(job: StoredJob, engine: Pick<Engine, 'read'>): Promise<HeadwayError> {
  const { status, error } = job
  if (error !== undefined) {
    const { code, message, retryable, details } = error
    return new HeadwayError('JOB_NOT_COMPLETED', `The job ${status}: ${code}: ${message}`, {
      details: {
        status,
        error: { code, message, ...(retryable !== undefined && { retryable }), ...(details !== undefined && { details }) },
      } satisfies Json,
    })
  }
  const reason = await reasonOf(job, engine)
  return new HeadwayError('JOB_NOT_COMPLETED', `The job was ${status}${reason === undefined ? '' : `: ${reason}`}.`, {
    details: { status, ...(reason !== undefined && { reason }) },
  })
}

/** Why a job was cancelled: its last event says so. */
async function reasonOf({ id, head }: StoredJob, engine: Pick<Engine, 'read'>): Promise<string | undefined> {
  const { events } = await engine.read(id, { after: head - 1, maxEvents: 1, maxBytes: 1 })
  return lifecycleSchemas.cancelled.safeParse(events[0]?.data).data?.reason
}
