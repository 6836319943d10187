import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import { MAX_POLL_WAIT_SECONDS } from '@headway/protocol'
import { answerJson, pollEvents } from '@headway/server'
import type { JsonPiece, ServerContext, ServerKit } from '@headway/server'
import { z } from 'zod'
import { shownResultSchema, importResultSchema, scanResultSchema } from '../jobs/result.js'
import type { BookJobs } from './book-jobs.js'
import { metadataOf } from './envelope.js'
import { jobStatusView } from './job-view.js'
import { JOB_KINDS, kindOf } from './kinds.js'
import type { JobKindName } from './kinds.js'
import { booksDialect, STREAM_IDLE_MS, timeoutMessage } from './sse-dialect.js'

export const jobParamsSchema = z.object({ jobId: z.string().describe('The id of the job') })

export const statusQuerySchema = z.object({
  wait: z.coerce.number().min(0).max(MAX_POLL_WAIT_SECONDS).optional().describe('Wait so many seconds for news of the job'),
  after: z.string().max(32).optional().describe('With `wait`: news is what comes after this `seq`; what comes from now on by default'),
})

/** The stream of a job, for any of its paths. */
export function streamJob(c: ServerContext, kit: ServerKit, job: StoredJob): Promise<Response> {
  return kit.streamLog(c, job, booksDialect, { idle: { ms: STREAM_IDLE_MS, message: timeoutMessage(job.id) } })
}

/** The job, when there is news of it or the query's `wait` is over. */
export async function afterWait(c: ServerContext, kit: ServerKit, job: StoredJob): Promise<StoredJob> {
  const { wait = 0, after = String(job.head) } = kit.readQuery(c, statusQuerySchema)
  if (wait === 0) return job
  await pollEvents({ delivery: kit.delivery, job, after, limit: 1, waitSeconds: wait, signal: c.req.raw.signal })
  return kit.engine.get(job.id)
}

/** The job of the path, which can still be cancelled. */
export async function unfinished(jobs: BookJobs, c: ServerContext, name?: JobKindName): Promise<StoredJob> {
  const job = await jobs.authorized(c, 'control', name && JOB_KINDS[name])
  if (job.finishedAt !== undefined)
    throw new HeadwayError('JOB_FINISHED', `This ${kindOf(job)?.title} is over: it is ${jobStatusView(job).status}.`)
  return job
}

/** What a completed job gave. @throws HeadwayError JOB_NOT_FOUND while it is not completed, as the contract has it */
export function resultOf(job: StoredJob): unknown {
  if (job.status === 'completed') return job.result
  throw new HeadwayError('JOB_NOT_FOUND', `This ${kindOf(job)?.title} has no results: it is ${jobStatusView(job).status}.`)
}

/** Answers with the results of a completed job, as they lie in its blobs. @throws HeadwayError JOB_NOT_FOUND while it is not completed */
export async function sendResults(c: ServerContext, kit: ServerKit, job: StoredJob): Promise<Response> {
  const result = resultOf(job)
  const head = `{"success":true,"data":{"jobId":"${job.id}","status":"completed","results":`
  const tail = `},"metadata":${JSON.stringify(metadataOf(c))}}`
  const pieces = [head, shownResultSchema.parse(result).results, ...membersBeside(result), tail]
  return answerJson(c, kit.engine.stores.blobs, pieces, 200, {})
}

/** What an import or a scan says beside its results. */
function membersBeside(result: unknown): readonly JsonPiece[] {
  const imported = importResultSchema.safeParse(result).data
  if (imported !== undefined) return [',"errors":', imported.errors, `,"counts":${JSON.stringify(imported.counts)}`]
  const scanned = scanResultSchema.safeParse(result).data
  return scanned === undefined ? [] : [`,"errors":${JSON.stringify(scanned.errors)}`]
}
