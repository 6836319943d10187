import type { StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import type { JobStatus } from '@headway/protocol'
import { answerJson } from '@headway/server'
import type { z } from 'zod'
import { BATCH_JOB_TYPE } from '../jobs/batch-input.js'
import { COMPILE_JOB_TYPE } from '../jobs/compile-input.js'
import { answerOf } from './job-answer.js'
import { PATHS } from './paths.js'
import type { RouteTools } from './routes.js'
import {
  cancelAnswerSchema,
  cancelBodySchema,
  pendingAnswerSchema,
  requestIdParamsSchema,
  resultsAnswerSchema,
  statsAnswerSchema,
} from './schemas.js'
import type { STATUSES } from './schemas.js'

const OWN_TYPES: ReadonlySet<string> = new Set([COMPILE_JOB_TYPE, BATCH_JOB_TYPE])

/** When to ask again for a result that is not there yet, in seconds. */
const ASK_AGAIN_SECONDS = 2

/** Results, figures, cancel. */
export function mountQueue(tools: RouteTools): void {
  mountResults(tools)
  mountStats(tools)
  mountCancel(tools)
}

function mountResults({ add, kit, authorized }: RouteTools): void {
  add(
    {
      method: 'get',
      path: PATHS.results,
      summary: 'The result of a compilation',
      access: 'job',
      params: requestIdParamsSchema,
      responses: {
        200: {
          description:
            'It is over: the list, the lists of a batch, or why there is none; of a batch that was stopped `results` has what was done',
          content: { 'application/json': resultsAnswerSchema },
        },
        202: {
          description: 'It is not over yet',
          content: { 'application/json': pendingAnswerSchema },
          headers: { 'Retry-After': 'When to ask again, in seconds' },
        },
      },
      errors: ['JOB_NOT_FOUND'],
    },
    'api',
    async (c) => {
      const job = await authorized(c, 'read')
      const headers = { 'X-Request-Id': job.id }
      if (!isTerminal(job.status)) return c.json(pendingView(job), 202, { ...headers, 'Retry-After': String(ASK_AGAIN_SECONDS) })
      const { members } = await answerOf(job, kit.engine)
      const pieces = [`{"requestId":"${job.id}","status":"${job.status}",`, ...members, '}']
      return answerJson(c, kit.engine.stores.blobs, pieces, 200, headers)
    },
  )
}

function mountStats({ add, kit, compilations, figures }: RouteTools): void {
  add(
    {
      method: 'get',
      path: PATHS.stats,
      summary: 'Figures of all compilations',
      access: 'public',
      responses: { 200: { description: 'The figures', content: { 'application/json': statsAnswerSchema } } },
    },
    'api',
    async (c) => {
      await kit.requireRole(c, 'read', compilations.access)
      const counts = await kit.engine.stores.jobs.counts()
      const own = counts.filter(({ type }) => OWN_TYPES.has(type))
      const open = (...statuses: JobStatus[]): number =>
        own.reduce((sum, { status, count }) => (statuses.includes(status) ? sum + count : sum), 0)
      const ever = (ended: JobStatus): number =>
        own.reduce((sum, { status, count, pruned }) => (status === ended ? sum + count + pruned : sum), 0)
      // As the engine sees it these run, but no thread has begun their work.
      const running = open('running', 'paused')
      const waiting = Math.min(running, figures.waits.size)
      return c.json({
        success: true,
        pending: open('queued') + waiting,
        running: running - waiting,
        completed: ever('completed'),
        failed: ever('failed'),
        cancelled: ever('cancelled'),
        averageProcessingTime: figures.averageProcessingMs,
        queueLag: figures.averageWaitMs,
      })
    },
  )
}

function mountCancel({ add, kit, compilations, authorized }: RouteTools): void {
  add(
    {
      method: 'post',
      path: PATHS.cancel,
      summary: 'Cancel a compilation',
      description: 'Its downloads and its work stop, unless a like request shares them. It has happened when the status says so.',
      access: 'job',
      params: requestIdParamsSchema,
      body: { schema: cancelBodySchema, required: false },
      responses: {
        200: { description: 'It is cancelled', content: { 'application/json': cancelAnswerSchema } },
        202: { description: 'It was told to stop', content: { 'application/json': cancelAnswerSchema } },
      },
      errors: ['INVALID_JSON', 'VALIDATION_ERROR', 'JOB_NOT_FOUND', 'JOB_FINISHED'],
    },
    'api',
    async (c) => {
      const job = await authorized(c, 'control')
      const { reason } = await kit.readJson(c, cancelBodySchema, { emptyAs: '{}' })
      const asked = await compilations.control(job.id, 'cancel', reason)
      const over = asked.status === 'cancelled'
      const message = over ? 'The compilation is cancelled.' : 'The compilation is being cancelled.'
      const body = { success: true, requestId: job.id, status: statusOf(asked), message }
      return c.json(body, over ? 200 : 202, { 'X-Request-Id': job.id })
    },
  )
}

function pendingView(job: StoredJob): z.infer<typeof pendingAnswerSchema> {
  const { progress } = job
  const shown = progress && {
    current: progress.done,
    total: progress.total,
    ...(progress.message !== undefined && { message: progress.message }),
  }
  return { success: true, requestId: job.id, status: statusOf(job), progress: shown }
}

function statusOf({ status }: StoredJob): (typeof STATUSES)[number] {
  return status === 'queued' ? 'pending' : status
}
