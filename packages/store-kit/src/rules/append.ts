import type { AppendMessage, AppendOutcome } from './messages.js'
import { NO_LEASE, deadlineOf, eventWithReason, isOwned } from './job-state.js'
import type { Changes, Effect, JobState, Output } from './job-state.js'
import { READY, SCHEDULED } from './queue.js'

/** Whether the append may be written; undefined: it may. `ok` where it was already: a repetition after an unknown outcome. */
export function fence(row: JobState, append: AppendMessage, now: number): AppendOutcome | undefined {
  if (row.batch_id === append.batchId && row.batch_epoch === append.epoch && row.batch_base === append.base) return 'ok'
  if (row.epoch !== append.epoch || row.lease_worker !== append.worker || !isOwned(row, now)) return 'stale'
  return row.head === append.base ? undefined : 'conflict'
}

/** What an append does to the job, beside its own events; the effect's events come after those. */
export function appended(row: JobState, append: AppendMessage, now: number): Effect {
  const changes: Changes = { batch_id: append.batchId, batch_epoch: append.epoch, batch_base: append.base }
  if (append.checkpoint !== null) changes.recoveries = 0
  if (append.fulfils !== null && append.fulfils === row.request) Object.assign(changes, { request: null, why: null })
  // It was withdrawn while this append was under way, and whoever did so was told that it is done.
  else if (append.fulfils !== null && row.request === null) changes.request = append.fulfils === 'pause' ? 'resume' : 'pause'
  const output = outputOf(append)
  if (append.release !== null) {
    const released = release(row, append.release, now)
    return { changes: { ...changes, ...released.changes }, events: released.events, output }
  }
  if (append.status !== null && append.ends) Object.assign(changes, NO_LEASE, { status: append.status, finished_at: now })
  else if (append.status !== null) changes.status = append.status
  return { changes, events: [], output }
}

function release(row: JobState, to: NonNullable<AppendMessage['release']>, now: number): Effect {
  const freed = { ...NO_LEASE, attempt: to.attempt }
  const runAt = now + to.delay
  if (row.request === 'cancel') {
    // A cancel that was asked for wins over the return to the queue: nobody would be told of it there.
    const changes = { ...freed, status: 'cancelled', epoch: row.epoch + 1, finished_at: now } as const
    return { changes, events: [eventWithReason('cancelled', row.why)] }
  }
  if (row.request === 'pause' || (row.status === 'paused' && row.request !== 'resume')) {
    // Who paused a job wants it to rest, also when its server stops. Like any paused job it keeps its place of the concurrency key.
    const changes = { ...freed, run_at: runAt, status: 'paused', holds_key: row.holds_key } as const
    return { changes, events: [eventWithReason('paused', row.why)] }
  }
  const queue = runAt > now ? SCHEDULED : READY
  return { changes: { ...freed, run_at: runAt, status: 'queued', queue, queue_deadline: deadlineOf(row, runAt) }, events: [] }
}

function outputOf({ progress, result, error }: AppendMessage): Output {
  const output: Output = {}
  if (progress !== null) output.progress = progress
  if (result !== null) output.result = result
  if (error !== null) output.error = error
  return output
}
