import type { SweepOptions } from '@headway/core'
import type { JobError } from '@headway/protocol'
import type { WriteOperations } from '../messages.js'
import { NO_LEASE, ROW_COLUMNS, deadlineOf } from './job-rows.js'
import type { Output, Row } from './job-rows.js'
import { NOT_QUEUED, READY } from './queue.js'
import type { Tools } from './tools.js'

export interface Recovered {
  readonly recovered: readonly string[]
  readonly ended: readonly string[]
  readonly more: boolean
}

/** Jobs whose worker was lost, and jobs that waited too long. */
export function prepareRecover({ db, jobs, log }: Tools): (args: WriteOperations['sweep'][0], now: number) => Recovered {
  const lost = db.prepare<Row>(
    `select ${ROW_COLUMNS} from jobs where lease_worker is not null and lease_expires <= ? order by lease_expires limit ?`,
  )
  const late = db.prepare<Row>(
    `select ${ROW_COLUMNS} from jobs where queue > 0 and queue_deadline is not null and queue_deadline <= ? order by queue_deadline limit ?`,
  )

  function end(row: Row, status: 'cancelled' | 'failed', data: object, now: number, output?: Output): void {
    log.lifecycle(row.id, row.head + 1, now, status, JSON.stringify(data))
    const changes = {
      ...NO_LEASE,
      status,
      queue: NOT_QUEUED,
      queue_deadline: null,
      head: row.head + 1,
      epoch: row.epoch + 1,
      finished_at: now,
    }
    jobs.change(row, changes, output)
  }

  function fail(row: Row, error: JobError, now: number): void {
    end(row, 'failed', { error }, now, { error: JSON.stringify(error) })
  }

  /** Says whether the job is over. */
  function recover(row: Row, now: number, losses: SweepOptions['losses']): boolean {
    if (row.request === 'cancel') {
      end(row, 'cancelled', { reason: row.why ?? undefined }, now)
      return true
    }
    // What was asked of the lost worker happens here: in the log, too, as the status is a fold over it.
    const pauses = row.request === 'pause' && row.status !== 'paused'
    const resumes = row.request === 'resume' && row.status === 'paused'
    const staysPaused = pauses || (row.status === 'paused' && !resumes)
    if (!staysPaused && row.recoveries >= row.max_recoveries) {
      const times = row.recoveries + 1
      const message = `The worker was lost ${times === 1 ? 'once' : `${times} times`}; the job may not start again.`
      fail(row, losses?.get(row.uuid) ?? { code: 'worker_lost', message }, now)
      return true
    }
    const recoveries = row.recoveries + 1
    const data = { reason: 'worker_lost', recoveries, runAt: new Date(now).toISOString() }
    let head = row.head + 1
    log.lifecycle(row.id, head, now, 'recovered', JSON.stringify(data))
    const asked = pauses ? 'paused' : resumes ? 'resumed' : undefined
    if (asked !== undefined) log.lifecycle(row.id, ++head, now, asked, JSON.stringify({ reason: row.why ?? undefined }))
    const freed = { ...NO_LEASE, recoveries, head, epoch: row.epoch + 1 }
    // A paused job keeps its place of the concurrency key: its work is half done.
    if (staysPaused) jobs.change(row, { ...freed, status: 'paused', holds_key: row.holds_key })
    else jobs.change(row, { ...freed, status: 'queued', queue: READY, run_at: now, queue_deadline: deadlineOf(row, now) })
    return false
  }

  return ({ limit, losses }, now) => {
    const recovered: string[] = []
    const ended: string[] = []
    const ofLost = lost.all(now, limit)
    for (const row of ofLost) (recover(row, now, losses) ? ended : recovered).push(row.uuid)
    const ofLate = late.all(now, limit)
    for (const row of ofLate) {
      fail(row, { code: 'queue_timeout', message: `The job was not started within ${row.queue_timeout ?? 0} ms.` }, now)
      ended.push(row.uuid)
    }
    return { recovered, ended, more: ofLost.length === limit || ofLate.length === limit }
  }
}
