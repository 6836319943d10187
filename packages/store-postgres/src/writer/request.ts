import type { News, RequestResult } from '@headway/core'
import type { JobId, JobRequest } from '@headway/protocol'
import { requested } from '@headway/store-kit/rules'
import type { Database } from '../database/database.js'
import { VIEW_COLUMNS, VIEW_TABLES, jobOf } from '../rows.js'
import type { LockedRow, ViewRow } from '../rows.js'
import { LOCKED_COLUMNS } from './apply.js'
import type { Apply } from './apply.js'

export interface Requested {
  readonly result: RequestResult
  /** Undefined: nothing was written. */
  readonly news: News | undefined
  /** A concurrency key of which somebody else may run now. */
  readonly leftKey: string | undefined
}

export function prepareRequest(
  db: Database,
  apply: Apply,
): (id: JobId, what: JobRequest, why: string | null) => Promise<Requested | undefined> {
  const { sql } = db
  const find = sql(`select ${LOCKED_COLUMNS} from headway.jobs j where j.uuid = $1 for no key update`)
  const clock = sql('select headway.now_ms() as now')
  const view = sql(`select ${VIEW_COLUMNS} from ${VIEW_TABLES} where j.uuid = $1`)
  return (id, what, why) =>
    db.transaction(
      async (tx) => {
        const [row] = await tx.run<LockedRow>(find, [id])
        if (row === undefined) return undefined
        const [time] = await tx.run<{ now: number }>(clock)
        const now = time?.now ?? 0
        const { outcome, effect } = requested(row, what, why, now)
        const leftKey = effect === undefined ? undefined : await apply(tx, row, effect, now)
        const [after] = await tx.run<ViewRow>(view, [id])
        if (after === undefined) throw new Error(`Job ${id} is gone in the middle of a transaction.`)
        const news = effect === undefined ? undefined : row.lease_worker === null ? 'queue' : 'request'
        return { result: { outcome, job: jobOf(after) }, news, leftKey }
      },
      // A request that was made already is answered with `already`, or as done: its outcome is the same.
      { repeatable: true },
    )
}
