import type { AppendMessage } from '@headway/store-kit/rules'
import type { Database, Runner, SqlValue } from '../database/database.js'
import { joinTexts, sparse, textsOf } from './lines.js'

/**
 * One statement for appends that are nothing but events, with a checkpoint or progress perhaps, as nearly all are: the fence is a part of the
 * update, which waits for a row that another holds and then looks at it as it is, so no row is locked ahead. @returns which were written, in
 * order; of the others it is not known why not
 *
 * Rows are locked in the order of the jobs' ids, as those of other statements: `n < ...` makes the planner expect few of them, and so look up
 * each in turn by the index; for the same reason nothing but the id is compared in a way that another index knows.
 */
export function prepareQuickAppend({ sql }: Database): (runner: Runner, appends: readonly AppendMessage[]) => Promise<boolean[]> {
  const statement = sql(`
    with input as materialized (
      select * from rows from (
        unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[]),
        ${textsOf('$10')}
      ) with ordinality as i (uuid, epoch, base, count, batch_id, worker, progress, checkpoint, last, lines, n) where n between 1 and 2147483647
    ), written as (
      update headway.jobs j set head = i.base + i.count, batch_id = i.batch_id, batch_epoch = i.epoch, batch_base = i.base,
        recoveries = case when i.checkpoint is null then j.recoveries else 0 end, progress = coalesce(i.progress, j.progress)
      from input i
      where j.uuid = i.uuid and j.head = i.base and j.epoch = i.epoch and j.lease_worker is not distinct from coalesce(i.worker, ($6::text[])[1])
        and j.lease_expires > headway.now_ms()
      returning j.id, i.n, i.base, i.count, i.checkpoint, i.last, i.lines
    ), logged as (
      insert into headway.segments (job, last, first, lines)
      select id, last, base + 1, lines from written where count > 0
    ), saved as (
      insert into headway.checkpoints (id, value) select id, checkpoint from written where checkpoint is not null
      on conflict (id) do update set value = excluded.value
    )
    select n from written`)

  return async (runner, appends) => {
    const rows = await runner.run<{ n: number }>(statement, valuesOf(appends))
    const written = appends.map(() => false)
    for (const { n } of rows) written[n - 1] = true
    return written
  }
}

/** Whether an append is one of these. */
export function isQuick({ status, result, error, segments }: AppendMessage): boolean {
  return status === null && result === null && error === null && segments.length <= 1
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
    joinTexts(appends.map(({ segments }) => segments[0]?.lines ?? '')),
  ]
}
