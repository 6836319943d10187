import type { SweepOptions } from '@headway/core'
import type { JobStatus } from '@headway/protocol'
import { TERMINAL_STATUSES, sharesOf } from '@headway/store-kit/rules'
import type { Database, Runner } from '../database/database.js'
import { TALLIES, MINUTE_MS } from './tallies.js'

interface Finished {
  /** The internal id, as text. */
  readonly id: string
  readonly uuid: string
  readonly type: string
  readonly status: JobStatus
  readonly watched_until: number | null
  readonly due_at: number | null
  readonly finished_at: number
}

type PruneOptions = Pick<SweepOptions, 'limit' | 'retention' | 'watched' | 'watchedGraceMs'>

export interface Pruned {
  readonly pruned: readonly string[]
  readonly more: boolean
}

/** Finished jobs that retention does not keep. One node does it at a time: two would both take away what is too many. */
export function preparePrune({ sql, schema }: Database): (tx: Runner, options: PruneOptions) => Promise<Pruned> {
  const terminal = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ')
  const lock = sql(`select pg_try_advisory_xact_lock(hashtext('headway ' || $1)) as held, headway.now_ms() as now`)
  const types = sql(
    `select type, sum(jobs)::bigint as jobs from ${TALLIES} t where status in (${terminal}) group by type having sum(jobs) > 0 order by type`,
  )
  const oldest = sql(`select id::text as id, uuid, type, status, watched_until, due_at, finished_at from headway.jobs
    where finished_at is not null and type = $1 and finished_at <= $2 order by finished_at, jobs.id limit $3`)
  const watch = sql(`update headway.jobs set watched_until = $2 where uuid in (
    select uuid from headway.jobs where uuid = any($1::uuid[]) and finished_at is not null and coalesce(watched_until, 0) < $3 order by uuid for no key update)`)
  const due = sql('update headway.jobs set due_at = $2 where id = any($1::bigint[])')
  const remove = sql(`
    with gone as (delete from headway.jobs where id = any($1::bigint[]) returning id, uuid, type, status),
    rest as (insert into headway.garbage (job, added_at) select id, $2 from gone),
    checkpoints as (delete from headway.checkpoints where id = any($1::bigint[])),
    keys as (delete from headway.idempotency i using gone where i.job = gone.uuid)
    insert into headway.tally_changes (type, status, jobs, pruned, at, created)
    select type, status, -count(*), count(*), $3, 0 from gone group by type, status`)

  return async (tx, { limit, retention, watched, watchedGraceMs }) => {
    const [held] = await tx.run<{ held: boolean; now: number }>(lock, [`${schema} prune`])
    if (held?.held !== true) return { pruned: [], more: false }
    const { now } = held
    // What is watched here is noted, so that a sweep of another node spares it, too; not written anew with every sweep.
    if (watched.length > 0) await tx.run(watch, [watched, now + watchedGraceMs, now + watchedGraceMs / 2])
    const watchedIds = new Set(watched)
    const found: string[] = []
    const gone: Finished[] = []
    let more = false
    const shares = sharesOf(await tx.run<{ type: string; jobs: number }>(types), retention)
    for (const { types: members, jobs, keep } of shares) {
      const excess = keep.maxFinished === undefined ? 0 : jobs - keep.maxFinished
      const most = limit + watched.length + 1
      const seen = new Set<string>()
      const look = async (until: number, count: number): Promise<void> => {
        for (const job of count > 0 ? await oldestOf(tx, members, until, count) : []) {
          if (seen.has(job.id)) continue
          seen.add(job.id)
          if (isSpared(job, now)) continue
          if (gone.length >= limit) {
            more = true
            return
          }
          gone.push(job)
        }
      }
      await look(Number.MAX_SAFE_INTEGER, Math.min(excess, most))
      if (keep.maxAgeMs !== undefined) await look(now - keep.maxAgeMs, most)
    }
    if (found.length > 0) await tx.run(due, [found, now])
    if (gone.length > 0) await tx.run(remove, [gone.map(({ id }) => id), now, now - (now % MINUTE_MS)])
    return { pruned: gone.map(({ uuid }) => uuid), more }

    /** Whether a due job stays for now, because somebody reads it. Its grace begins when it is first found due. */
    function isSpared(job: Finished, at: number): boolean {
      if (!watchedIds.has(job.uuid) && (job.watched_until ?? 0) <= at) return false
      if (job.due_at !== null) return job.due_at + watchedGraceMs > at
      found.push(job.id)
      return watchedGraceMs > 0
    }
  }

  /** The oldest jobs of some types, oldest first. */
  async function oldestOf(tx: Runner, members: readonly string[], until: number, most: number): Promise<readonly Finished[]> {
    const all: Finished[] = []
    for (const type of members) all.push(...(await tx.run<Finished>(oldest, [type, until, most])))
    if (members.length === 1) return all
    return all.toSorted((a, b) => a.finished_at - b.finished_at || (BigInt(a.id) < BigInt(b.id) ? -1 : 1)).slice(0, most)
  }
}
