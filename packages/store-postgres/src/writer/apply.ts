import { READY, STATE_COLUMNS, eventLine } from '@headway/store-kit/rules'
import type { Effect } from '@headway/store-kit/rules'
import type { Database, Runner, SqlValue } from '../database/database.js'
import type { LockedRow } from '../rows.js'
import { MINUTE_MS } from './tallies.js'

/** Selects a LockedRow of a job `j`. */
export const LOCKED_COLUMNS = `j.id::text as id, ${STATE_COLUMNS.replaceAll(/\w+/g, 'j.$&')}`

/**
 * Does to a locked job what a rule says, in the transaction that holds the lock.
 *
 * @param head of the log, where it is not the row's
 * @returns the concurrency key for which somebody else may run now
 */
export type Apply = (tx: Runner, row: LockedRow, effect: Effect, now: number, head?: number) => Promise<string | undefined>

export function prepareApply({ sql }: Database): Apply {
  const log = sql('insert into headway.segments (job, last, first, lines) values ($1::bigint, $2, $2, $3)')
  const tally = sql(
    'insert into headway.tally_changes (type, status, jobs, pruned, at, created) values ($1, $2, -1, 0, $4, 0), ($1, $3, 1, 0, $4, 0)',
  )
  return async (tx, row, { changes, events, output = {} }, now, from = row.head) => {
    let head = from
    for (const event of events) {
      head += 1
      await tx.run(log, [row.id, head, eventLine(head, new Date(now).toISOString(), event)])
    }
    const columns = Object.entries({ ...changes, ...output, head }) as [string, SqlValue][]
    // There are as many texts as there are sets of columns that the rules change.
    const assignments = columns.map(([column], index) => `${column} = $${index + 2}`).join(', ')
    await tx.run(sql(`update headway.jobs set ${assignments} where id = $1::bigint`), [row.id, ...columns.map(([, value]) => value)])
    const status = changes.status ?? row.status
    if (status !== row.status) await tx.run(tally, [row.type, row.status, status, now - (now % MINUTE_MS)])
    const holdsKey = changes.holds_key ?? row.holds_key
    const left = row.holds_key === 1 || (row.queue === READY && (changes.queue ?? row.queue) !== READY)
    return row.key !== null && holdsKey === 0 && left ? row.key : undefined
  }
}
