import type { JobError } from '@headway/protocol'
import { cancelled, failed } from './ends.js'
import { NO_LEASE, deadlineOf, eventWithReason } from './job-state.js'
import type { Effect, JobState, LifecycleEvent } from './job-state.js'
import { READY } from './queue.js'

export interface RecoverRule {
  /** Whether the job is over. */
  readonly ended: boolean
  readonly effect: Effect
}

/** What becomes of a job whose worker was lost. @param loss why, where the node knows that lost it */
export function recovered(row: JobState, loss: JobError | undefined, now: number): RecoverRule {
  if (row.request === 'cancel') return { ended: true, effect: cancelled(row, row.why, now) }
  // What was asked of the lost worker happens here: in the log, too, as the status is a fold over it.
  const pauses = row.request === 'pause' && row.status !== 'paused'
  const resumes = row.request === 'resume' && row.status === 'paused'
  const staysPaused = pauses || (row.status === 'paused' && !resumes)
  if (!staysPaused && row.recoveries >= row.max_recoveries) {
    const times = row.recoveries + 1
    const message = `The worker was lost ${times === 1 ? 'once' : `${times} times`}; the job may not start again.`
    return { ended: true, effect: failed(row, loss ?? { code: 'worker_lost', message }, now) }
  }
  const recoveries = row.recoveries + 1
  const data = { reason: 'worker_lost', recoveries, runAt: new Date(now).toISOString() }
  const events: LifecycleEvent[] = [{ type: 'recovered', data: JSON.stringify(data) }]
  if (pauses || resumes) events.push(eventWithReason(pauses ? 'paused' : 'resumed', row.why))
  const freed = { ...NO_LEASE, recoveries, epoch: row.epoch + 1 }
  const changes = staysPaused
    ? // A paused job keeps its place of the concurrency key: its work is half done.
      ({ ...freed, status: 'paused', holds_key: row.holds_key } as const)
    : ({ ...freed, status: 'queued', queue: READY, run_at: now, queue_deadline: deadlineOf(row, now) } as const)
  return { ended: false, effect: { changes, events } }
}

/** The end of a job that waited for longer than it may. */
export function timedOut(row: JobState, now: number): Effect {
  return failed(row, { code: 'queue_timeout', message: `The job was not started within ${row.queue_timeout ?? 0} ms.` }, now)
}
