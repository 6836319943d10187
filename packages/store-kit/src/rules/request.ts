import type { JobRequest } from '@headway/protocol'
import { cancelled, failed } from './ends.js'
import { eventWithReason } from './job-state.js'
import type { Effect, JobState } from './job-state.js'
import { NOT_QUEUED, READY, SCHEDULED } from './queue.js'

/** See `RequestResult` of the engine. */
export type RequestAnswer = 'done' | 'requested' | 'already' | 'refused'

/** What a request does: only answers, or answers and changes the job. */
export interface RequestRule {
  readonly outcome: RequestAnswer
  readonly effect?: Effect
}

/** The table of requests. A lease that is over but not swept yet still counts as owned: the sweep decides what becomes of it. */
export function requested(row: JobState, what: JobRequest, why: string | null, now: number): RequestRule {
  if (row.finished_at !== null) return { outcome: what === 'cancel' && row.status === 'cancelled' ? 'already' : 'refused' }
  const owned = row.lease_worker !== null
  if (what === 'cancel') return owned ? ask(row, what, why) : { outcome: 'done', effect: cancelled(row, why, now) }
  if (row.request === 'cancel') return { outcome: 'refused' }
  if (what === 'pause') {
    if (row.status === 'paused') return row.request === 'resume' ? withdraw() : { outcome: 'already' }
    if (owned) return ask(row, what, why)
    const changes = { status: 'paused', queue: NOT_QUEUED, queue_deadline: null } as const
    return { outcome: 'done', effect: { changes, events: [eventWithReason('paused', why)] } }
  }
  if (row.status !== 'paused') return row.request === 'pause' ? withdraw() : { outcome: 'refused' }
  return owned ? ask(row, what, why) : { outcome: 'done', effect: resumed(row, why, now) }
}

function resumed(row: JobState, why: string | null, now: number): Effect {
  if (row.recoveries > row.max_recoveries) {
    // Its worker was lost while it was paused, and it is not to be run again after that.
    return failed(row, { code: 'worker_lost', message: 'The worker was lost while the job was paused; the job may not start again.' }, now)
  }
  const runAt = Math.max(row.run_at, now)
  return {
    changes: {
      status: 'queued',
      queue: runAt > now ? SCHEDULED : READY,
      run_at: runAt,
      queue_deadline: row.queue_timeout === null ? null : runAt + row.queue_timeout,
      holds_key: 0,
      request: null,
      why: null,
    },
    events: [eventWithReason('resumed', why)],
  }
}

function ask(row: JobState, what: JobRequest, why: string | null): RequestRule {
  return row.request === what ? { outcome: 'already' } : { outcome: 'requested', effect: { changes: { request: what, why }, events: [] } }
}

/** The opposite of what was asked before and has not happened yet: nothing is left to do. */
function withdraw(): RequestRule {
  return { outcome: 'done', effect: { changes: { request: null, why: null }, events: [] } }
}
