import type { JobRequest, JobStatus, LifecycleEventType } from '@headway/protocol'

/** The changing part of a job, as stores keep it. Members are named like the columns. Times are in milliseconds since the epoch. */
export interface JobState {
  readonly uuid: string
  readonly type: string
  readonly status: JobStatus
  readonly queue: number
  readonly run_at: number
  readonly queue_timeout: number | null
  readonly queue_deadline: number | null
  readonly attempt: number
  readonly recoveries: number
  readonly max_recoveries: number
  readonly head: number
  readonly epoch: number
  readonly lease_worker: string | null
  readonly lease_expires: number | null
  readonly request: JobRequest | null
  readonly why: string | null
  readonly key: string | null
  readonly key_limit: number | null
  readonly holds_key: number
  readonly batch_id: string | null
  readonly batch_epoch: number | null
  readonly batch_base: number | null
  readonly started_at: number | null
  readonly finished_at: number | null
}

/** The columns of a JobState. */
export const STATE_COLUMNS = `uuid, type, status, queue, run_at, queue_timeout, queue_deadline, attempt, recoveries, max_recoveries, head, epoch,
  lease_worker, lease_expires, request, why, key, key_limit, holds_key, batch_id, batch_epoch, batch_base, started_at, finished_at`

/** What a job says of its work, as JSON text. It can be large, so it is written but not kept in memory. */
export interface Output {
  progress?: string
  result?: string
  error?: string
}

/** An event of the store's own. */
export interface LifecycleEvent {
  readonly type: LifecycleEventType
  /** As JSON text. */
  readonly data: string
}

export type Changes = { -readonly [Member in keyof JobState]?: JobState[Member] }

/** What a rule does to a job. `head` is not among the changes: it grows with the events, which follow the log as it is then. */
export interface Effect {
  readonly changes: Changes
  readonly events: readonly LifecycleEvent[]
  readonly output?: Output
}

/** What ends a lease, whatever comes after it. */
export const NO_LEASE = { lease_worker: null, lease_expires: null, request: null, why: null, holds_key: 0 } as const

/** Whether somebody has the right to append. */
export function isOwned(row: Pick<JobState, 'lease_worker' | 'lease_expires'>, now: number): boolean {
  return row.lease_worker !== null && row.lease_expires !== null && row.lease_expires > now
}

/** The latest time at which a job that is queued until `runAt` must be claimed. */
export function deadlineOf(row: Pick<JobState, 'queue_timeout'>, runAt: number): number | null {
  return row.queue_timeout === null ? null : runAt + row.queue_timeout
}

/** An event whose data says why, where somebody said it. */
export function eventWithReason(type: LifecycleEventType, why: string | null): LifecycleEvent {
  return { type, data: JSON.stringify({ reason: why ?? undefined }) }
}

/** The line that `LogEvent.encode` of the engine makes; a test compares them. @param at the event's time, as ISO 8601 text */
export function eventLine(seq: number, at: string, { type, data }: LifecycleEvent): string {
  return `{"seq":${seq},"at":"${at}","type":"${type}","data":${data}}`
}
