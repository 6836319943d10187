import type { Database, SqlValue, Statement } from '@headway/sqlite'
import { READY, STATE_COLUMNS } from '@headway/store-kit/rules'
import type { Changes, JobRow, JobState, Output } from '@headway/store-kit/rules'
import { JOB_COLUMNS, JOB_TABLES } from '../rows.js'
import type { KeyQueue } from './queue.js'
import type { Tallies } from './tallies.js'

/** The changing part of a job, as the writer works with it. */
export interface Row extends JobState {
  readonly id: number
}

export const ROW_COLUMNS = `id, ${STATE_COLUMNS}`

/** Finds and changes jobs. */
export interface JobRows {
  find(uuid: string): Row | undefined
  /** Writes the changes, into the row that was given, too, with all that hangs on them: the tallies, and the places of the concurrency key. */
  change(row: Row, changes: Changes, output?: Output): void
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

  function update(id: number, changes: Changes, output: Output): void {
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
        if (at !== null && (ended === 'completed' || ended === 'failed' || ended === 'cancelled')) tallies.countInMinute(ended, at)
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
