import type { StoredJob } from '@headway/core'
import type { Job, JobError, Json, Progress } from '@headway/protocol'
import type { JobRow } from './rules/job-row.js'

/** A job as the store's users see it. */
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
