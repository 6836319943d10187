import type { AppendMessage, AppendOutcome } from '@headway/store-kit/rules'
import type { Database, Runner, SqlValue } from '../database/database.js'
import { joinTexts, sparse, textsOf } from './lines.js'
import { isQuick, prepareQuickAppend } from './quick-append.js'
import { tallyChanges } from './tallies.js'

export interface Appended {
  readonly outcome: AppendOutcome
  /** The concurrency key of which the job gave up its place. */
  readonly leftKey: string | null
}

/**
 * One statement for the appends of any number of jobs: the fence, the events, the checkpoints and the rows. Rows are locked in the order of
 * the jobs' ids, so that two nodes never wait for each other; the fence looks at the rows as they are once they are locked, whatever this
 * statement saw of them before. Appends with a `release`, or that fulfil a request, are for `append-by-rule.ts`.
 */
export function prepareAppend(db: Database): (runner: Runner, appends: readonly AppendMessage[]) => Promise<Appended[]> {
  const quick = prepareQuickAppend(db)
  const statement = db.sql(`
    with input as materialized (
      select * from rows from (
        unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::integer[], $6::text[], $7::text[], $8::boolean[], $9::text[],
          $10::text[], $11::text[], $12::text[], $13::bigint[]),
        ${textsOf('$14')}
      ) with ordinality as i (uuid, epoch, worker, base, count, batch_id, status, ends, progress, result, error, checkpoint, last, lines, n)
    ), judged as materialized (
      select i.*, l.id, l.type, l.status as old_status, case when l.holds_key = 1 and i.ends then l.key end as left_key, headway.now_ms() as now,
        case
          when l.id is null then 'stale'
          when l.batch_id = i.batch_id and l.batch_epoch = i.epoch and l.batch_base = i.base then 'again'
          when l.epoch <> i.epoch or l.lease_worker is distinct from i.worker or l.lease_expires <= headway.now_ms() then 'stale'
          when l.head <> i.base then 'conflict'
          else 'ok'
        end as outcome
      from input i left join lateral (
        select j.id, j.type, j.status, j.head, j.epoch, j.lease_worker, j.lease_expires, j.batch_id, j.batch_epoch, j.batch_base, j.key, j.holds_key
        from headway.jobs j where j.uuid = i.uuid for no key update
      ) l on true
    ), written as (
      update headway.jobs j set head = d.base + d.count, batch_id = d.batch_id, batch_epoch = d.epoch, batch_base = d.base,
        recoveries = case when d.checkpoint is null then j.recoveries else 0 end, status = coalesce(d.status, j.status),
        progress = coalesce(d.progress, j.progress), result = coalesce(d.result, j.result), error = coalesce(d.error, j.error),
        lease_worker = case when d.ends then null else j.lease_worker end, lease_expires = case when d.ends then null else j.lease_expires end,
        request = case when d.ends then null else j.request end, why = case when d.ends then null else j.why end,
        holds_key = case when d.ends then 0 else j.holds_key end, finished_at = case when d.ends then d.now else j.finished_at end
      from judged d where j.id = d.id and d.outcome = 'ok'
    ), logged as (
      insert into headway.segments (job, last, first, lines)
      select d.id, d.last, d.base + 1, d.lines from judged d where d.outcome = 'ok' and d.count > 0
      union all
      select d.id, m.last, m.first, m.lines
      from rows from (unnest($15::integer[], $16::bigint[], $17::bigint[]), ${textsOf('$18')}) as m (n, first, last, lines)
      join judged d on d.n = m.n where d.outcome = 'ok'
    ), saved as (
      insert into headway.checkpoints (id, value) select d.id, d.checkpoint from judged d where d.outcome = 'ok' and d.checkpoint is not null
      on conflict (id) do update set value = excluded.value
    ), tallied as (
      ${tallyChanges(`(select type, old_status, status, now from judged where outcome = 'ok' and status is not null)`)}
    )
    select n, outcome, left_key from judged`)

  const any = async (runner: Runner, appends: readonly AppendMessage[]): Promise<Appended[]> => {
    const rows = await runner.run<{ n: number; outcome: AppendOutcome | 'again'; left_key: string | null }>(statement, valuesOf(appends))
    const results: Appended[] = []
    for (const { n, outcome, left_key } of rows) {
      results[n - 1] = outcome === 'ok' ? { outcome, leftKey: left_key } : { outcome: outcome === 'again' ? 'ok' : outcome, leftKey: null }
    }
    return results
  }

  return async (runner, appends) => {
    const results = new Map<AppendMessage, Appended>()
    const quickly = appends.filter(isQuick)
    const written = quickly.length === 0 ? [] : await quick(runner, quickly)
    for (const [index, append] of quickly.entries()) if (written[index] === true) results.set(append, { outcome: 'ok', leftKey: null })
    const rest = appends.filter((append) => !results.has(append))
    const ofRest = rest.length === 0 ? [] : await any(runner, rest)
    for (const [index, append] of rest.entries()) results.set(append, ofRest[index] ?? { outcome: 'stale', leftKey: null })
    return appends.map((append) => results.get(append) ?? { outcome: 'stale', leftKey: null })
  }
}

/** The order in which `Appends` of one statement must be. */
export function byJob(a: AppendMessage, b: AppendMessage): number {
  return a.jobId < b.jobId ? -1 : a.jobId > b.jobId ? 1 : 0
}

function valuesOf(appends: readonly AppendMessage[]): SqlValue[] {
  const more = appends.flatMap(({ segments }, index) => segments.slice(1).map((segment) => ({ ...segment, n: index + 1 })))
  return [
    appends.map(({ jobId }) => jobId),
    appends.map(({ epoch }) => epoch),
    appends.map(({ worker }) => worker),
    appends.map(({ base }) => base),
    appends.map(({ count }) => count),
    appends.map(({ batchId }) => batchId),
    sparse(appends.map(({ status }) => status)),
    appends.map(({ ends }) => ends),
    sparse(appends.map(({ progress }) => progress)),
    sparse(appends.map(({ result }) => result)),
    sparse(appends.map(({ error }) => error)),
    sparse(appends.map(({ checkpoint }) => checkpoint)),
    appends.map(({ segments, base }) => segments[0]?.last ?? base),
    joinTexts(appends.map(({ segments }) => segments[0]?.lines ?? '')),
    more.map(({ n }) => n),
    more.map(({ first }) => first),
    more.map(({ last }) => last),
    joinTexts(more.map(({ lines }) => lines)),
  ]
}
