import type { Database } from '../database/database.js'

/** How long what pruned jobs left waits to go with its whole partition, before it is removed row by row: two days, as a partition holds one. */
const WAIT_MS = 2 * 24 * 3_600_000

/** Which garbage has waited, as SQL; the time is asked once, so that an index can be used. */
export const RESTED = `added_at <= (select headway.now_ms()) - ${WAIT_MS}`

/** How much one sweep removes, in rows. */
const MAX_ROWS = 2_000

/**
 * Logs and inputs of pruned jobs. A pruned job's row goes at once, and with it all that anybody can see; what it leaves goes with its
 * partition, or, where a younger or longer kept job holds that, piece by piece.
 *
 * @returns whether there is more
 */
export async function collectGarbage(db: Database): Promise<boolean> {
  const { sql } = db
  const [piece] = await db.run<{ removed: number; left: boolean }>(
    sql(`
      with next as materialized (
        select job from headway.garbage where ${RESTED} order by added_at, job limit 1 for no key update skip locked
      ), removed as (
        delete from headway.segments s using next n where s.job = n.job
          and s.last in (select last from headway.segments where job = n.job order by last limit ${MAX_ROWS}) returning s.job
      )
      select (select count(*) from removed) as removed, exists (select from next) as left`),
  )
  if (piece?.left !== true) return false
  if (piece.removed === MAX_ROWS) return true
  // Nothing is left of the log: a statement of its own sees what the one before removed.
  await db.run(
    sql(`
      with done as (
        delete from headway.garbage g where g.job in (
          select job from headway.garbage where ${RESTED} order by added_at, job limit 1 for no key update skip locked
        ) and not exists (select from headway.segments s where s.job = g.job) returning g.job
      )
      delete from headway.details d using done where d.id = done.job`),
  )
  return true
}
