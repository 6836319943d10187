import type { Database, Runner } from '../database/database.js'

export const MINUTE_MS = 60_000

/** For longer than the minutes are told, as a clock may be set: a day. */
const KEPT_MS = 24 * 60 * MINUTE_MS

/** How many changes one sweep sums up. */
const FOLDED_PER_SWEEP = 20_000

/** The beginning of the minute of a time, in SQL. */
export function minuteOf(ms: string): string {
  return `(${ms} / ${MINUTE_MS}) * ${MINUTE_MS}`
}

/** Notes that jobs came to another status, as part of a statement. @param changed a table with `type`, `old_status`, `status` and `now` */
export function tallyChanges(changed: string): string {
  return `insert into headway.tally_changes (type, status, jobs, pruned, at, created)
    select c.type, s.status, sum(s.by), 0, ${minuteOf('c.now')}, 0
    from ${changed} c cross join lateral (values (c.old_status, -1), (c.status, 1)) as s (status, by)
    where c.old_status <> c.status group by c.type, s.status, ${minuteOf('c.now')}`
}

/** All tallies: what was summed up, and what changed since. */
export const TALLIES =
  '(select type, status, jobs, pruned from headway.tallies union all select type, status, jobs, pruned from headway.tally_changes)'

/** Sums up what has changed, so that there is never much to add. One node does it at a time; the others have nothing to do. */
export async function foldTallies({ sql, schema }: Database, tx: Runner): Promise<void> {
  const [lock] = await tx.run<{ held: boolean }>(sql(`select pg_try_advisory_xact_lock(hashtext('headway ' || $1)) as held`), [
    `${schema} tallies`,
  ])
  if (lock?.held !== true) return
  await tx.run(
    sql(`with gone as (
        delete from headway.tally_changes where ctid = any(array(select ctid from headway.tally_changes limit ${FOLDED_PER_SWEEP})) returning *
      ), summed as (
        insert into headway.tallies (type, status, jobs, pruned) select type, status, sum(jobs), sum(pruned) from gone group by type, status
        on conflict (type, status) do update set jobs = tallies.jobs + excluded.jobs, pruned = tallies.pruned + excluded.pruned
      )
      insert into headway.minutes (at, created, completed, failed, cancelled) select ${MINUTE_COLUMNS} from gone group by at
      on conflict (at) do update set created = minutes.created + excluded.created, completed = minutes.completed + excluded.completed,
        failed = minutes.failed + excluded.failed, cancelled = minutes.cancelled + excluded.cancelled`),
  )
  await tx.run(sql(`delete from headway.minutes where at < headway.now_ms() - ${KEPT_MS}`))
}

/** What happened in a minute, of rows of `tally_changes`: a job that comes to a status adds to it, one that is pruned takes away. */
export const MINUTE_COLUMNS = `at, sum(created), coalesce(sum(jobs) filter (where status = 'completed' and jobs > 0), 0),
  coalesce(sum(jobs) filter (where status = 'failed' and jobs > 0), 0), coalesce(sum(jobs) filter (where status = 'cancelled' and jobs > 0), 0)`
