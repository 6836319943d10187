import type { JobCounts } from '../job-store.js'

/** How far a copy is. */
export interface CopyProgress {
  /** `checking` reads everything again, on both sides. */
  readonly phase: 'jobs' | 'key-values' | 'blobs' | 'checking'
  /** Jobs, entries, blobs, or, while checking, jobs. */
  readonly done: number
  /** Undefined where it is not known ahead. */
  readonly total: number | undefined
}

export interface CopyOptions {
  /** Stops the copy between two steps, which then throws the signal's reason. What has arrived stays, as an unfinished copy. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CopyProgress) => void
}

/** What was copied, and found to be the same on both sides. */
export interface CopyReport {
  readonly jobs: number
  /** By type and status, those that retention had removed included. */
  readonly counts: readonly JobCounts[]
  readonly events: number
  /** Of the logs, in bytes. */
  readonly eventBytes: number
  readonly keyValues: number
  readonly blobs: number
  readonly blobBytes: number
  /** SHA-256 in hex over all jobs with the hashes of their logs, all entries and all blobs: equal stores have equal ones. */
  readonly checksum: string
  /** An earlier copy that was interrupted had left something in the target, which was removed first. */
  readonly began: 'anew' | 'again'
}
