import type { JobRequest, JobStatus } from '@headway/protocol'
import type { Database } from '../driver.js'
import { JOB_COLUMNS, JOB_TABLES } from '../rows.js'
import type { JobRow } from '../rows.js'
import { READY } from './queue.js'
import type { KeyQueue } from './queue.js'
import type { Tallies } from './tallies.js'

/** The changing part of a job, as the writer works with it. */
export interface Row {
  readonly id: number
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
  readonly error: string | null
  readonly started_at: number | null
  readonly finished_at: number | null
}

export const ROW_COLUMNS = `id, uuid, type, status, queue, run_at, queue_timeout, queue_deadline, attempt, recoveries, max_recoveries, head, epoch,
  lease_worker, lease_expires, request, why, key, key_limit, holds_key, batch_id, batch_epoch, batch_base, error, started_at, finished_at`

/** Finds and changes jobs. */
export interface JobRows {
  find(uuid: string): Row | undefined
  /** Writes what differs, with all that hangs on it: the tallies, and the places of the concurrency key. Gives the row as it is now. */
  change(row: Row, changes: Partial<Row>): Row
  /** The job as users see it. */
  view(id: number): JobRow
}

export function prepareJobRows(db: Database, keys: KeyQueue, tallies: Tallies): JobRows {
  const find = db.prepare<Row>(`select ${ROW_COLUMNS} from jobs where uuid = ?`)
  const view = db.prepare<JobRow>(`select ${JOB_COLUMNS} from ${JOB_TABLES} where j.id = ?`)
  const save =
    db.prepare(`update jobs set status = ?, queue = ?, run_at = ?, queue_deadline = ?, attempt = ?, recoveries = ?, head = ?, epoch = ?,
    lease_worker = ?, lease_expires = ?, request = ?, why = ?, holds_key = ?, error = ?, started_at = ?, finished_at = ? where id = ?`)
  return {
    find: (uuid) => find.get(uuid),
    change(row, changes) {
      const next: Row = { ...row, ...changes }
      save.run(
        next.status,
        next.queue,
        next.run_at,
        next.queue_deadline,
        next.attempt,
        next.recoveries,
        next.head,
        next.epoch,
        next.lease_worker,
        next.lease_expires,
        next.request,
        next.why,
        next.holds_key,
        next.error,
        next.started_at,
        next.finished_at,
        next.id,
      )
      if (next.status !== row.status) {
        tallies.change(row.type, row.status, -1)
        tallies.change(row.type, next.status, 1)
      }
      if (row.key !== null && next.holds_key === 0 && (row.holds_key === 1 || (row.queue === READY && next.queue !== READY)))
        keys.left(row.key)
      return next
    },
    view(id) {
      const row = view.get(id)
      if (row === undefined) throw new Error(`Job row ${id} is gone in the middle of a transaction.`)
      return row
    },
  }
}

/** What ends a lease, whatever comes after it. */
export const NO_LEASE = { lease_worker: null, lease_expires: null, request: null, why: null, holds_key: 0 } as const

/** Whether somebody has the right to append. */
export function isOwned(row: Row, now: number): boolean {
  return row.lease_worker !== null && row.lease_expires !== null && row.lease_expires > now
}

/** The latest time at which a job that is queued until `runAt` must be claimed. */
export function deadlineOf(row: Pick<Row, 'queue_timeout'>, runAt: number): number | null {
  return row.queue_timeout === null ? null : runAt + row.queue_timeout
}
