import type { MinuteFigures, StoreFigures } from '@headway/core'
import { BLOCKED, READY } from '@headway/store-kit/rules'
import type { Database } from '../database/database.js'
import { MINUTE_COLUMNS, MINUTE_MS } from '../writer/tallies.js'

interface FiguresRow {
  readonly now: number
  readonly waiting_since: number | null
  readonly minutes: readonly MinuteFigures[] | null
  readonly workers: readonly { readonly id: string; readonly jobs: number }[] | null
}

/** What goes on: of a table of minutes, and of indexes over the jobs that wait or run. One statement, so of one snapshot. @param minutes how many are told */
export function prepareFigures(db: Database, minutes: number): () => Promise<StoreFigures> {
  const { sql } = db
  const figures = sql(`
    with clock as materialized (select headway.now_ms() as now),
    told as (
      select at, sum(created) as created, sum(completed) as completed, sum(failed) as failed, sum(cancelled) as cancelled
      from (
        select at, created, completed, failed, cancelled from headway.minutes
        union all
        select ${MINUTE_COLUMNS} from headway.tally_changes group by at
      ) m cross join clock c where m.at > c.now - ${minutes * MINUTE_MS} and m.at <= c.now group by at
      having sum(created) + sum(completed) + sum(failed) + sum(cancelled) > 0
    )
    select c.now,
      (select greatest(run_at, created_at) from headway.jobs where queue in (${READY}, ${BLOCKED}) order by greatest(run_at, created_at) limit 1)
        as waiting_since,
      (select json_agg(told order by at) from told) as minutes,
      (select json_agg(w order by w.id) from (
        select lease_worker as id, count(*) as jobs from headway.jobs where lease_worker is not null and lease_expires > c.now group by lease_worker
      ) w) as workers
    from clock c`)
  return async () => {
    const [row] = await db.run<FiguresRow>(figures, [], { repeatable: true })
    if (row === undefined) throw new Error('The database gave no figures.')
    return {
      now: row.now,
      minutes: row.minutes ?? [],
      ...(row.waiting_since !== null && { waitingSince: row.waiting_since }),
      workers: row.workers ?? [],
    }
  }
}
