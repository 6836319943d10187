import type { JobStatus } from '@headway/protocol'
import { TERMINAL_STATUSES, sharesOf } from '@headway/store-kit/rules'
import type { WriteOperations } from '../messages.js'
import { prepareGarbage } from './garbage.js'
import type { Tools } from './tools.js'

interface Finished {
  readonly id: number
  readonly uuid: string
  readonly type: string
  readonly status: JobStatus
  readonly watched_until: number | null
  readonly due_at: number | null
  readonly finished_at: number
}

const FINISHED = 'id, uuid, type, status, watched_until, due_at, finished_at'

/** Finished jobs that retention does not keep, with their logs. */
export function preparePrune({ db, tallies }: Tools): (
  args: WriteOperations['sweep'][0],
  now: number,
) => {
  readonly pruned: readonly string[]
  readonly more: boolean
} {
  const terminal = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ')
  const types = db.prepare<{ type: string; jobs: number }>(
    `select type, sum(jobs) as jobs from tallies where status in (${terminal}) group by type`,
  )
  const oldest = db.prepare<Finished>(
    `select ${FINISHED} from jobs where finished_at is not null and type = ? and finished_at <= ? order by finished_at, id limit ?`,
  )
  const watch = db.prepare(
    'update jobs set watched_until = ? where uuid = ? and finished_at is not null and coalesce(watched_until, 0) < ?',
  )
  const due = db.prepare('update jobs set due_at = ? where id = ?')
  const garbage = prepareGarbage(db)
  const removals = [
    db.prepare('delete from jobs where id = ?'),
    db.prepare('delete from details where id = ?'),
    db.prepare('delete from checkpoints where id = ?'),
    db.prepare('delete from idempotency where job = ?'),
  ]

  function prune(job: Finished): void {
    garbage.add(job.id)
    for (const removal of removals) removal.run(job.id)
    tallies.pruned(job.type, job.status)
  }

  /** Whether a due job stays for now, because somebody reads it. Its grace begins when it is first found due. */
  function isSpared(job: Finished, watched: ReadonlySet<string>, graceMs: number, now: number): boolean {
    if (!watched.has(job.uuid) && (job.watched_until ?? 0) <= now) return false
    if (job.due_at !== null) return job.due_at + graceMs > now
    due.run(now, job.id)
    return graceMs > 0
  }

  /** The oldest jobs of some types, oldest first. */
  function oldestOf([first = '', ...others]: readonly string[], until: number, most: number): readonly Finished[] {
    const jobs = oldest.all(first, until, most)
    if (others.length === 0) return jobs
    const all = [jobs, ...others.map((type) => oldest.all(type, until, most))].flat()
    return all.toSorted((a, b) => a.finished_at - b.finished_at || a.id - b.id).slice(0, most)
  }

  return ({ limit, retention, watched, watchedGraceMs }, now) => {
    // What is watched here is noted, so that a sweep of another node spares it, too; not written anew with every sweep.
    for (const id of watched) watch.run(now + watchedGraceMs, id, now + watchedGraceMs / 2)
    const watchedIds = new Set(watched)
    // What this transaction has done so far counts, too.
    tallies.flush()
    const pruned: string[] = []
    let more = false
    for (const { types: members, jobs, keep } of sharesOf(types.all(), retention)) {
      const { maxFinished, maxAgeMs } = keep
      const excess = maxFinished === undefined ? 0 : jobs - maxFinished
      const before = maxAgeMs === undefined ? undefined : now - maxAgeMs
      const seen = new Set<number>()
      const look = (until: number, most: number): void => {
        for (const job of most > 0 ? oldestOf(members, until, most) : []) {
          if (seen.has(job.id)) continue
          seen.add(job.id)
          if (isSpared(job, watchedIds, watchedGraceMs, now)) continue
          if (pruned.length >= limit) {
            more = true
            return
          }
          prune(job)
          pruned.push(job.uuid)
        }
      }
      const most = limit + watched.length + 1
      look(Number.MAX_SAFE_INTEGER, Math.min(excess, most))
      if (before !== undefined) look(before, most)
    }
    return { pruned, more: garbage.collect() || more }
  }
}
