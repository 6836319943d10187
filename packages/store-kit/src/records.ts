import type { JobRecord, JobWithLog, KeyValueRecord, StoredJob } from '@headway/core'
import type { Json } from '@headway/protocol'
import { jsonOrNull, segmentsOf } from './encode.js'
import type { JobRow } from './rules/job-row.js'
import type { ExportedJob, ExportedKeyValue, ImportedJob } from './rules/transfer.js'
import { toJob } from './to-job.js'

/** A job for another store. */
export function toRecord({ row, checkpoint, queueTimeoutMs, queueDeadline, keyLimit, ...job }: ExportedJob): JobRecord {
  return {
    job: toJob(row),
    epoch: job.epoch,
    ...(checkpoint !== null && { checkpoint: JSON.parse(checkpoint) as Json }),
    idempotency: job.idempotency,
    ...(queueTimeoutMs !== null && { queueTimeoutMs }),
    ...(queueDeadline !== null && { queueDeadline }),
    maxRecoveries: job.maxRecoveries,
    ...(keyLimit !== null && { keyLimit }),
    holdsKey: job.holdsKey,
  }
}

/** A job of another store. @throws RangeError when the seqs of its events are not dense from 1 */
export function encodeRecord({ record, events }: JobWithLog): ImportedJob {
  const { job, checkpoint, queueTimeoutMs, queueDeadline, keyLimit, ...rest } = record
  return {
    job: {
      ...rest,
      row: toRow(job),
      checkpoint: jsonOrNull(checkpoint),
      queueTimeoutMs: queueTimeoutMs ?? null,
      queueDeadline: queueDeadline ?? null,
      keyLimit: keyLimit ?? null,
    },
    segments: segmentsOf(events, 0),
  }
}

/** An entry for another store. */
export function toKeyValueRecord({ key, value, version, expires }: ExportedKeyValue): KeyValueRecord {
  return { key, value: JSON.parse(value) as Json, version, ...(expires !== null && { expiresAt: expires }) }
}

/** An entry of another store. */
export function encodeKeyValue({ key, value, version, expiresAt }: KeyValueRecord): ExportedKeyValue {
  return { key, value: JSON.stringify(value), version, expires: expiresAt ?? null }
}

/** The other way than `toJob`. */
function toRow(job: StoredJob): JobRow {
  const { progress, concurrencyKey = null, parentId = null, retryOf = null, startedAt, finishedAt } = job
  return [
    ...([job.id, job.type, job.status, JSON.stringify(job.input), jsonOrNull(job.definition)] as const),
    ...([progress === null ? null : JSON.stringify(progress), jsonOrNull(job.result), jsonOrNull(job.error)] as const),
    ...([job.priority, job.attempt, job.recoveries, job.head, job.request ?? null, concurrencyKey, parentId, retryOf] as const),
    ...([Date.parse(job.createdAt), Date.parse(job.runAt), timeOrNull(startedAt), timeOrNull(finishedAt)] as const),
  ]
}

function timeOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text)
}
