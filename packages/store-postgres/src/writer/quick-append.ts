import type { AppendMessage } from '@headway/store-kit/rules'
import type { Database, Runner, SqlValue } from '../database/database.js'
import { joinTexts, sparse, textsOf } from './lines.js'
import { tallyChanges } from './tallies.js'

/**
 * One statement for any number of appends, as nearly all are: events, a checkpoint or progress perhaps, or the end of a job that runs and holds
 * no concurrency key. The fence is a part of the update, which waits for a row that another holds and then looks at it as it is, so no row is
 * locked ahead. @returns which were written, in order; of the others it is not known why not
 *
 * Rows are locked in the order of the jobs' ids, as those of other statements: `n between ...` makes the planner expect few of them, and so look up
 * each in turn by the index; for the same reason nothing but the id is compared in a way that another index knows.
 */
export function prepareQuickAppend({ sql }: Database): (runner: Runner, appends: readonly AppendMessage[]) => Promise<boolean[]> {
  const statement = sql(`
    with input as materialized (
      select * from rows from (
        unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
          $10::text[], $11::boolean[], $12::text[], $13::text[]),
        ${textsOf('$14')}
      ) with ordinality as i (uuid, epoch, base, count, batch_id, worker, progress, checkpoint, last, status, ends, result, error, lines, n)
      where n between 1 and 2147483647
    ), written as (
      update headway.jobs j set head = i.base + i.count, batch_id = i.batch_id, batch_epoch = i.epoch, batch_base = i.base,
        recoveries = case when i.checkpoint is null then j.recoveries else 0 end, progress = coalesce(i.progress, j.progress),
        status = coalesce(i.status, j.status), result = coalesce(i.result, j.result), error = coalesce(i.error, j.error),
        lease_worker = case when i.ends then null else j.lease_worker end, lease_expires = case when i.ends then null else j.lease_expires end,
        request = case when i.ends then null else j.request end, why = case when i.ends then null else j.why end,
        finished_at = case when i.ends then headway.now_ms() else j.finished_at end
      from input i
      where j.uuid = i.uuid and j.head = i.base and j.epoch = i.epoch and j.lease_worker is not distinct from coalesce(i.worker, ($6::text[])[1])
        and j.lease_expires > headway.now_ms() and (i.status is null or (j.status = 'running' and j.holds_key = 0))
      returning j.id, j.type, i.n, i.base, i.count, i.checkpoint, i.last, i.status, i.lines,
        case when i.status is not null then coalesce(j.finished_at, headway.now_ms()) end as now
    ), logged as (
      insert into headway.segments (job, last, first, lines)
      select id, last, base + 1, lines from written where count > 0
    ), saved as (
      insert into headway.checkpoints (id, value) select id, checkpoint from written where checkpoint is not null
      on conflict (id) do update set value = excluded.value
    ), tallied as (
      ${tallyChanges(`(select type, 'running' as old_status, status, now from written where status is not null)`)}
    )
    select n from written`)

  return async (runner, appends) => {
    const rows = await runner.run<{ n: number }>(statement, valuesOf(appends))
    const written = appends.map(() => false)
    for (const { n } of rows) written[n - 1] = true
    return written
  }
}

/** Whether an append may be one of these. */
export function isQuick({ segments }: AppendMessage): boolean {
  return segments.length <= 1
}

function valuesOf(appends: readonly AppendMessage[]): SqlValue[] {
  const workers = appends.map(({ worker }) => worker)
  return [
    appends.map(({ jobId }) => jobId),
    appends.map(({ epoch }) => epoch),
    appends.map(({ base }) => base),
    appends.map(({ count }) => count),
    appends.map(({ batchId }) => batchId),
    workers.every((worker) => worker === workers[0]) ? workers.slice(0, 1) : workers,
    sparse(appends.map(({ progress }) => progress)),
    sparse(appends.map(({ checkpoint }) => checkpoint)),
    appends.map(({ segments, base }) => segments[0]?.last ?? base),
    sparse(appends.map(({ status }) => status)),
    sparse(appends.map(({ ends }) => (ends ? true : null))),
    sparse(appends.map(({ result }) => result)),
    sparse(appends.map(({ error }) => error)),
    joinTexts(appends.map(({ segments }) => segments[0]?.lines ?? '')),
  ]
}
