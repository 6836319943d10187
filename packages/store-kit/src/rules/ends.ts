import type { JobError } from '@headway/protocol'
import { NO_LEASE, eventWithReason } from './job-state.js'
import type { Changes, Effect, JobState } from './job-state.js'
import { NOT_QUEUED } from './queue.js'

/** The store itself ends a job: whoever owned it may write no more. */
function over(row: JobState, status: 'cancelled' | 'failed', now: number): Changes {
  return { ...NO_LEASE, status, queue: NOT_QUEUED, queue_deadline: null, epoch: row.epoch + 1, finished_at: now }
}

/** The end of a job that nobody works at, by somebody's wish. */
export function cancelled(row: JobState, why: string | null, now: number): Effect {
  return { changes: over(row, 'cancelled', now), events: [eventWithReason('cancelled', why)] }
}

/** The end of a job that nobody works at, by its own fault or its workers'. */
export function failed(row: JobState, error: JobError, now: number): Effect {
  return {
    changes: over(row, 'failed', now),
    events: [{ type: 'failed', data: JSON.stringify({ error }) }],
    output: { error: JSON.stringify(error) },
  }
}
