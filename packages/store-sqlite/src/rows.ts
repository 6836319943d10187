import type { StoredJob } from '@headway/core'
import type { Job, JobError, JobRequest, JobStatus, Json, Progress } from '@headway/protocol'

/** A job as it crosses between threads: JSON as text, times in milliseconds since the Unix epoch. */
export type JobRow = readonly [
  uuid: string,
  type: string,
  status: JobStatus,
  input: string,
  definition: string | null,
  progress: string | null,
  result: string | null,
  error: string | null,
  priority: number,
  attempt: number,
  recoveries: number,
  head: number,
  request: JobRequest | null,
  key: string | null,
  parent: string | null,
  retryOf: string | null,
  createdAt: number,
  runAt: number,
  startedAt: number | null,
  finishedAt: number | null,
]

export const JOB_ROW_LENGTH = 20

/** Selects a JobRow from `JOB_TABLES`. */
export const JOB_COLUMNS = `j.uuid, j.type, j.status, d.input, d.definition, j.progress, j.result, j.error, j.priority, j.attempt, j.recoveries,
  j.head, j.request, j.key, j.parent, d.retry_of, j.created_at, j.run_at, j.started_at, j.finished_at`
export const JOB_TABLES = 'jobs j join details d on d.id = j.id'

export function toJob(row: JobRow): StoredJob {
  const [
    id,
    type,
    status,
    input,
    definition,
    progress,
    result,
    error,
    priority,
    attempt,
    recoveries,
    head,
    request,
    key,
    parent,
    retryOf,
    createdAt,
    runAt,
    startedAt,
    finishedAt,
  ] = row
  const job: Job & { definition?: Json } = {
    id,
    type,
    status,
    input: JSON.parse(input) as Json,
    progress: progress === null ? null : (JSON.parse(progress) as Progress),
    priority,
    attempt,
    recoveries,
    head,
    createdAt: isoTime(createdAt),
    runAt: isoTime(runAt),
  }
  if (result !== null) job.result = JSON.parse(result) as Json
  if (error !== null) job.error = JSON.parse(error) as JobError
  if (request !== null) job.request = request
  if (key !== null) job.concurrencyKey = key
  if (parent !== null) job.parentId = parent
  if (retryOf !== null) job.retryOf = retryOf
  if (startedAt !== null) job.startedAt = isoTime(startedAt)
  if (finishedAt !== null) job.finishedAt = isoTime(finishedAt)
  if (definition !== null) job.definition = JSON.parse(definition) as Json
  return job
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
