import type { JobId, JobStatus, Json } from '@headway/protocol'
import type { LogEvent } from '../events/log-event.js'
import type { BlobRef } from './blob-store.js'
import type { MinuteFigures, NewJob, StoredJob } from './job-store.js'

/** A job that nobody owns, as one store gives it to another: all that is known of it but its log. */
export interface JobRecord {
  readonly job: StoredJob
  /** Of its last owner. The next one's is higher. */
  readonly epoch: number
  readonly checkpoint?: Json
  /** What it was created under. */
  readonly idempotency: readonly NonNullable<NewJob['idempotency']>[]
  readonly queueTimeoutMs?: number
  /** When it fails if it still waits then. In milliseconds since the Unix epoch. */
  readonly queueDeadline?: number
  readonly maxRecoveries: number
  readonly keyLimit?: number
  /** Whether it has a place of its concurrency key, as paused jobs have that ran before. */
  readonly holdsKey: boolean
}

/** A job with its log, or the beginning of it. */
export interface JobWithLog {
  readonly record: JobRecord
  /** With dense seqs from 1. */
  readonly events: readonly LogEvent[]
}

/** An entry of a key-value store. */
export interface KeyValueRecord {
  readonly key: string
  readonly value: Json
  readonly version: number
  /** In milliseconds since the Unix epoch. Absent: it stays. */
  readonly expiresAt?: number
}

/** A blob, without its bytes. `blob` is what references to it hold. */
export interface BlobRecord extends Pick<BlobRef, 'blob' | 'size'> {
  readonly owner: JobId
}

/** What a store knows of jobs that it no longer has. */
export interface PastFigures {
  /** Jobs that were removed by retention, by how they had ended. */
  readonly pruned: readonly { readonly type: string; readonly status: JobStatus; readonly pruned: number }[]
  /** All that it keeps, the oldest first. */
  readonly minutes: readonly MinuteFigures[]
}

/** How much there is in a store. */
export interface StoreContents {
  readonly jobs: number
  readonly keyValues: number
  /** Jobs that have an owner, or whose owner was lost and that no sweep has looked at since: these can't be moved. The first of them. */
  readonly owned: readonly JobId[]
  /** Another text after anything was written that a copy takes. */
  readonly revision: string
}

/**
 * Gives all that a store holds to another one, and takes it: see `copyStores`. Not needed to run jobs, so a store can do without.
 *
 * What the iterators give at a time is bounded in bytes, whatever the number of jobs, and at least one record. Every call that writes
 * does so as a whole or throws a StoreError.
 */
export interface StoreTransfer {
  contents(): Promise<StoreContents>
  /** All jobs, in the order of their creation. Their logs are read as ever. */
  jobs(): AsyncIterable<readonly JobRecord[]>
  /** What has not expired, in the order of the keys' bytes in UTF-8. */
  keyValues(): AsyncIterable<readonly KeyValueRecord[]>
  pastFigures(): Promise<PastFigures>
  /** All blobs, in any order. */
  blobs(): AsyncIterable<readonly BlobRecord[]>

  /** Removes everything: jobs, logs, figures, key-values and blobs. */
  clear(): Promise<void>
  /** Takes jobs, in the order of their creation. Those that wait are not claimed before `finish`. */
  putJobs(jobs: readonly JobWithLog[]): Promise<void>
  /** Takes more of the log of a job that is there. */
  putEvents(id: JobId, events: readonly LogEvent[]): Promise<void>
  putKeyValues(records: readonly KeyValueRecord[]): Promise<void>
  putPastFigures(figures: PastFigures): Promise<void>
  /** Takes a blob under the name that it has: references to it stay good. */
  putBlob(owner: JobId, blob: string, bytes: AsyncIterable<Uint8Array>): Promise<BlobRef>
  /** From now on jobs that wait can be claimed. */
  finish(): Promise<void>
}
