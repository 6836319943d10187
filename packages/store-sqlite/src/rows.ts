import type { StoredJob } from '@headway/core'
import type { Job, JobError, JobRequest, JobStatus, Json, Progress } from '@headway/protocol'

/** A job as it crosses between threads: JSON as text, times in milliseconds since the Unix epoch. */
export interface JobRow {
  readonly uuid: string
  readonly type: string
  readonly status: JobStatus
  readonly input: string
  readonly definition: string | null
  readonly progress: string | null
  readonly result: string | null
  readonly error: string | null
  readonly priority: number
  readonly attempt: number
  readonly recoveries: number
  readonly head: number
  readonly request: JobRequest | null
  readonly key: string | null
  readonly parent: string | null
  readonly retry_of: string | null
  readonly created_at: number
  readonly run_at: number
  readonly started_at: number | null
  readonly finished_at: number | null
}

/** Selects a JobRow from `jobs j` and `details d`. */
export const JOB_COLUMNS = `j.uuid, j.type, j.status, d.input, d.definition, j.progress, j.result, j.error, j.priority, j.attempt, j.recoveries,
  j.head, j.request, j.key, j.parent, d.retry_of, j.created_at, j.run_at, j.started_at, j.finished_at`
export const JOB_TABLES = 'jobs j join details d on d.id = j.id'

export function toJob(row: JobRow): StoredJob {
  const job: Job & { definition?: Json } = {
    id: row.uuid,
    type: row.type,
    status: row.status,
    input: JSON.parse(row.input) as Json,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Progress),
    priority: row.priority,
    attempt: row.attempt,
    recoveries: row.recoveries,
    head: row.head,
    createdAt: isoTime(row.created_at),
    runAt: isoTime(row.run_at),
  }
  if (row.result !== null) job.result = JSON.parse(row.result) as Json
  if (row.error !== null) job.error = JSON.parse(row.error) as JobError
  if (row.request !== null) job.request = row.request
  if (row.key !== null) job.concurrencyKey = row.key
  if (row.parent !== null) job.parentId = row.parent
  if (row.retry_of !== null) job.retryOf = row.retry_of
  if (row.started_at !== null) job.startedAt = isoTime(row.started_at)
  if (row.finished_at !== null) job.finishedAt = isoTime(row.finished_at)
  if (row.definition !== null) job.definition = JSON.parse(row.definition) as Json
  return job
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
