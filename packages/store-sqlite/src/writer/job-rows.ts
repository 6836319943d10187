import type { JobRequest, JobStatus } from '@headway/protocol'
import type { Database, SqlValue, Statement } from '@headway/sqlite'
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
  readonly started_at: number | null
  readonly finished_at: number | null
}

export const ROW_COLUMNS = `id, uuid, type, status, queue, run_at, queue_timeout, queue_deadline, attempt, recoveries, max_recoveries, head, epoch,
  lease_worker, lease_expires, request, why, key, key_limit, holds_key, batch_id, batch_epoch, batch_base, started_at, finished_at`

/** What a job says of its work, as JSON text. It can be large, so it is written but not kept in memory. */
export interface Output {
  progress?: string
  result?: string
  error?: string
}

/** Finds and changes jobs. */
export interface JobRows {
  find(uuid: string): Row | undefined
  /** Writes the changes, into the row that was given, too, with all that hangs on them: the tallies, and the places of the concurrency key. */
  change(row: Row, changes: Partial<Row>, output?: Output): void
  /** The job as users see it. */
  view(id: number): JobRow
  /** Forgets what is kept in memory, after a rollback. */
  drop(): void
}

export function prepareJobRows(db: Database, keys: KeyQueue, tallies: Tallies): JobRows {
  const select = db.prepare<Row>(`select ${ROW_COLUMNS} from jobs where uuid = ?`)
  const view = db.prepareTuples<JobRow>(`select ${JOB_COLUMNS} from ${JOB_TABLES} where j.id = ?`)
  // One statement for each set of columns that the operations change: what stays as it is costs no index.
  const updates = new Map<string, Statement>()
  // Jobs that somebody owns are what almost every operation is about. No other connection writes, so what is here is as the table has it.
  let owned = new Map<string, Row>()

  function update(id: number, changes: Partial<Row>, output: Output): void {
    let name = ''
    const values: SqlValue[] = []
    for (const part of [changes, output]) {
      for (const [column, value] of Object.entries(part) as [string, SqlValue][]) {
        name += `${column} = ?, `
        values.push(value)
      }
    }
    let statement = updates.get(name)
    if (statement === undefined) {
      statement = db.prepare(`update jobs set ${name.slice(0, -2)} where id = ?`)
      updates.set(name, statement)
    }
    statement.run(...values, id)
  }

  function keep(row: Row): void {
    if (row.lease_worker === null) owned.delete(row.uuid)
    else owned.set(row.uuid, row)
  }

  return {
    find(uuid) {
      const kept = owned.get(uuid)
      if (kept !== undefined) return kept
      const row = select.get(uuid)
      if (row !== undefined) keep(row)
      return row
    },
    change(row, changes, output = {}) {
      const { status, queue, holds_key } = row
      update(row.id, changes, output)
      Object.assign(row, changes)
      keep(row)
      if (row.status !== status) {
        tallies.change(row.type, status, -1)
        tallies.change(row.type, row.status, 1)
        const { status: ended, finished_at: at } = row
        // Not by isTerminal: the threads of the store load nothing of the protocol, which takes longer than all else that they load.
        if (at !== null && (ended === 'completed' || ended === 'failed' || ended === 'cancelled')) tallies.happened(ended, at)
      }
      const leftKey = holds_key === 1 || (queue === READY && row.queue !== READY)
      if (row.key !== null && row.holds_key === 0 && leftKey) keys.left(row.key)
    },
    view(id) {
      const row = view.get(id)
      if (row === undefined) throw new Error(`Job row ${id} is gone in the middle of a transaction.`)
      return row
    },
    drop() {
      owned = new Map()
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
