import type { JobRequest, JobStatus } from '@headway/protocol'

/** A new job as the writer takes it: JSON as text, times in milliseconds. */
export interface NewJobMessage {
  readonly id: string
  readonly type: string
  readonly input: string
  /** Whether the `created` event has the input, too: not where it is larger than an event may be. */
  readonly inputInEvent: boolean
  readonly definition: string | null
  readonly priority: number
  readonly runAt: number | null
  readonly key: string | null
  readonly keyLimit: number | null
  readonly idempotency: { readonly scope: string; readonly key: string; readonly fingerprint: string } | null
  readonly parentId: string | null
  readonly retryOf: string | null
  readonly queueTimeoutMs: number | null
  readonly maxRecoveries: number
}

/** Lines of one row of `segments`: events up to seq `last`, divided by line breaks. */
export interface Segment {
  readonly first: number
  readonly last: number
  readonly lines: string
}

export interface AppendMessage {
  readonly jobId: string
  readonly epoch: number
  readonly worker: string
  readonly base: number
  readonly batchId: string
  readonly count: number
  readonly segments: readonly Segment[]
  readonly checkpoint: string | null
  readonly status: Exclude<JobStatus, 'queued'> | null
  /** With this status the job is over. */
  readonly ends: boolean
  readonly progress: string | null
  readonly result: string | null
  readonly error: string | null
  readonly fulfils: JobRequest | null
  /** `delay` is in milliseconds. */
  readonly release: { readonly delay: number; readonly attempt: number } | null
}

/** What is wanted of a log. */
export interface ReadArgs {
  readonly id: string
  readonly after: number
  readonly types: readonly string[] | null
  readonly maxEvents: number
  readonly maxBytes: number
}

/** See `AppendResult` of the engine. */
export type AppendOutcome = 'ok' | 'stale' | 'conflict'
