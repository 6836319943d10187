import type { JobError, JobRequest } from '@headway/protocol'
import type { RequestOutcome, WriteOperations } from '../messages.js'
import { NO_LEASE } from './job-rows.js'
import type { Row } from './job-rows.js'
import { NOT_QUEUED, READY, SCHEDULED } from './queue.js'
import type { Tools } from './tools.js'

type Answer = RequestOutcome['outcome']
/** What a request does: only answers, or answers and changes the row, with an event where the change is one. */
interface Effect {
  readonly outcome: Answer
  readonly changes?: Partial<Row>
  readonly event?: 'cancelled' | 'paused' | 'resumed' | 'failed'
  readonly error?: JobError
}

export function prepareRequest({ jobs, log }: Tools): (args: WriteOperations['request'][0], now: number) => RequestOutcome | null {
  return ({ id, what, why }, now) => {
    const row = jobs.find(id)
    if (row === undefined) return null
    const { outcome, changes, event, error } = effectOf(row, what, why, now)
    if (changes !== undefined) {
      const head = event === undefined ? row.head : row.head + 1
      const data = error === undefined ? { reason: why ?? undefined } : { error }
      if (event !== undefined) log.lifecycle(row.id, head, now, event, JSON.stringify(data))
      jobs.change(row, { ...changes, head }, error === undefined ? {} : { error: JSON.stringify(error) })
    }
    return { outcome, row: jobs.view(row.id), changed: changes !== undefined }
  }
}

/** The table of requests. A lease that is over but not swept yet still counts as owned: the sweep decides what becomes of it. */
function effectOf(row: Row, what: JobRequest, why: string | null, now: number): Effect {
  if (row.finished_at !== null) return { outcome: what === 'cancel' && row.status === 'cancelled' ? 'already' : 'refused' }
  const owned = row.lease_worker !== null
  if (what === 'cancel') {
    if (owned) return ask(row, what, why)
    return {
      outcome: 'done',
      event: 'cancelled',
      changes: { ...NO_LEASE, status: 'cancelled', queue: NOT_QUEUED, queue_deadline: null, epoch: row.epoch + 1, finished_at: now },
    }
  }
  if (row.request === 'cancel') return { outcome: 'refused' }
  if (what === 'pause') {
    if (row.status === 'paused') return row.request === 'resume' ? withdraw() : { outcome: 'already' }
    if (owned) return ask(row, what, why)
    return { outcome: 'done', event: 'paused', changes: { status: 'paused', queue: NOT_QUEUED, queue_deadline: null } }
  }
  if (row.status === 'paused') {
    if (owned) return ask(row, what, why)
    if (row.recoveries > row.max_recoveries) {
      // Its worker was lost while it was paused, and it is not to be run again after that.
      return {
        outcome: 'done',
        event: 'failed',
        error: { code: 'worker_lost', message: 'The worker was lost while the job was paused; the job may not start again.' },
        changes: { ...NO_LEASE, status: 'failed', epoch: row.epoch + 1, finished_at: now },
      }
    }
    const runAt = Math.max(row.run_at, now)
    return {
      outcome: 'done',
      event: 'resumed',
      changes: {
        status: 'queued',
        queue: runAt > now ? SCHEDULED : READY,
        run_at: runAt,
        queue_deadline: row.queue_timeout === null ? null : runAt + row.queue_timeout,
        holds_key: 0,
        request: null,
        why: null,
      },
    }
  }
  return row.request === 'pause' ? withdraw() : { outcome: 'refused' }
}

function ask(row: Row, what: JobRequest, why: string | null): Effect {
  return row.request === what ? { outcome: 'already' } : { outcome: 'requested', changes: { request: what, why } }
}

/** The opposite of what was asked before and has not happened yet: nothing is left to do. */
function withdraw(): Effect {
  return { outcome: 'done', changes: { request: null, why: null } }
}
