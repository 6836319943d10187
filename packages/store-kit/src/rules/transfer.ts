import type { JobRow } from './job-row.js'
import type { Segment } from './messages.js'

/** A `JobRecord` as stores write it: JSON as text, absent members null. */
export interface ExportedJob {
  readonly row: JobRow
  readonly epoch: number
  readonly checkpoint: string | null
  readonly idempotency: readonly { readonly scope: string; readonly key: string; readonly fingerprint: string }[]
  readonly queueTimeoutMs: number | null
  readonly queueDeadline: number | null
  readonly maxRecoveries: number
  readonly keyLimit: number | null
  readonly holdsKey: boolean
}

/** A job that is taken from another store, with the beginning of its log. */
export interface ImportedJob {
  readonly job: ExportedJob
  readonly segments: readonly Segment[]
}

/** A `KeyValueRecord` as stores write it. */
export interface ExportedKeyValue {
  readonly key: string
  readonly value: string
  readonly version: number
  readonly expires: number | null
}
