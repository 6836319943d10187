import type { StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import type { JobError, JobStatus } from '@headway/protocol'
import { z } from 'zod'
import { JOB_KINDS, kindOf } from './kinds.js'
import { shownCode } from './render-error.js'

const count = z.int().nonnegative()
const fraction = z.number().min(0).max(1)

export const jobErrorSchema = z.object({ code: z.string(), message: z.string(), retryable: z.boolean().optional() })

/** The status of a job as V3 shows it. */
export const jobStatusSchema = z.object({
  jobId: z.uuid(),
  type: z.enum([JOB_KINDS.imports.shownType, JOB_KINDS.scans.shownType, JOB_KINDS.enrichment.shownType]),
  status: z.enum(['queued', 'processing', 'completed', 'failed', 'canceled']),
  progress: fraction,
  processedCount: count,
  totalCount: count,
  startTime: z.iso.datetime().optional(),
  completedTime: z.iso.datetime().optional(),
  error: jobErrorSchema.optional(),
})
export type JobStatusView = z.infer<typeof jobStatusSchema>

/** The same as V1 and V2 show it. */
export const oldJobStatusSchema = jobStatusSchema.omit({ startTime: true, completedTime: true }).extend({
  status: z.enum(['initialized', ...jobStatusSchema.shape.status.exclude(['queued']).options]),
  startedAt: jobStatusSchema.shape.startTime,
  completedAt: jobStatusSchema.shape.completedTime,
})

const STATUSES = {
  queued: 'queued',
  running: 'processing',
  paused: 'processing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'canceled',
} as const satisfies Record<JobStatus, JobStatusView['status']>

/** A job of this service as V3 shows it. @throws Error for a job of another service */
export function jobStatusView(job: StoredJob): JobStatusView {
  const kind = kindOf(job)
  if (kind === undefined) throw new Error(`${job.type} is not a job type of this service.`)
  const { done, total, fraction = fractionOf(done, total ?? 0) } = job.progress ?? { done: 0, total: 0 }
  return {
    jobId: job.id,
    type: kind.shownType,
    status: STATUSES[job.status],
    progress: job.status === 'completed' ? 1 : fraction,
    processedCount: done,
    totalCount: total ?? 0,
    ...(job.startedAt !== undefined && { startTime: job.startedAt }),
    ...(isTerminal(job.status) && job.finishedAt !== undefined && { completedTime: job.finishedAt }),
    ...(job.error !== undefined && { error: shownError(job.error) }),
  }
}

/** A job of this service as V1 and V2 show it. */
export function oldJobStatusView(job: StoredJob): z.infer<typeof oldJobStatusSchema> {
  const { status, startTime, completedTime, ...rest } = jobStatusView(job)
  return {
    ...rest,
    status: status === 'queued' ? 'initialized' : status,
    ...(startTime !== undefined && { startedAt: startTime }),
    ...(completedTime !== undefined && { completedAt: completedTime }),
  }
}

/** How far a job is, from 0 to 1. */
export function fractionOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.min(1, Math.round((done / total) * 10_000) / 10_000)
}

/** The failure of a job. */
export function shownError({ code, message, retryable }: JobError): z.infer<typeof jobErrorSchema> {
  return { code: shownCode(code.toUpperCase()), message, retryable: retryable ?? RETRYABLE_FAILURES.has(code) }
}

/** Failures of which the engine says nothing more, and that are not the input's fault. */
const RETRYABLE_FAILURES: ReadonlySet<string> = new Set(['worker_lost', 'server_stopped'])
