import type { JobCounts, RunOfJob, StoredJob } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { SCHEDULED } from '@headway/store-kit/rules'
import type { Database } from '../database/database.js'
import { VIEW_COLUMNS, VIEW_TABLES, detailsOf, isUuid, jobOf } from '../rows.js'
import type { ViewRow } from '../rows.js'
import { TALLIES } from '../writer/tallies.js'

/** What is found by one look at the tables; see `JobStore`. */
export interface Looks {
  get(id: JobId): Promise<StoredJob | undefined>
  findByKey(scope: string, key: string): Promise<StoredJob | undefined>
  counts(): Promise<readonly JobCounts[]>
  dueIn(types: readonly string[]): Promise<number | undefined>
  held(runs: readonly RunOfJob[]): Promise<readonly boolean[]>
}

export function prepareLooks(db: Database): Looks {
  const { sql } = db
  const get = sql(`select ${VIEW_COLUMNS} from ${VIEW_TABLES} where j.uuid = $1`)
  const findByKey = sql(
    `select ${VIEW_COLUMNS} from headway.idempotency i join headway.jobs j on j.uuid = i.job ${detailsOf('j')}
     where i.scope = $1 and i.key = $2`,
  )
  const counts = sql(`select type, status, sum(jobs)::bigint as count, sum(pruned)::bigint as pruned from ${TALLIES} t group by type, status
    having sum(jobs) <> 0 or sum(pruned) <> 0 order by type collate "C", status collate "C"`)
  const dueIn = sql(`select min(d.run_at) - headway.now_ms() as ms from unnest($1::text[]) as t (type) cross join lateral (
      select run_at from headway.jobs where queue = ${SCHEDULED} and type = t.type and run_at > (select headway.now_ms()) order by run_at limit 1
    ) d`)
  const held = sql(`select exists (
      select from headway.jobs j where j.uuid = r.uuid and j.epoch = r.epoch and j.lease_worker is not null and j.lease_expires > headway.now_ms()
    ) as held from unnest($1::uuid[], $2::bigint[]) with ordinality as r (uuid, epoch, n) order by r.n`)

  async function first(rows: Promise<ViewRow[]>): Promise<StoredJob | undefined> {
    const [row] = await rows
    return row === undefined ? undefined : jobOf(row)
  }

  return {
    get: (id) => first(db.run<ViewRow>(get, [id], { repeatable: true })),
    findByKey: (scope, key) => first(db.run<ViewRow>(findByKey, [scope, key], { repeatable: true })),
    counts: () => db.run<JobCounts>(counts, [], { repeatable: true }),
    async dueIn(types) {
      const [row] = await db.run<{ ms: number | null }>(dueIn, [types], { repeatable: true })
      const ms = row?.ms ?? undefined
      return ms === undefined ? undefined : Math.max(0, ms)
    },
    async held(runs) {
      const known = runs.filter(({ jobId }) => isUuid(jobId))
      const rows = await db.run<{ held: boolean }>(held, [known.map(({ jobId }) => jobId), known.map(({ epoch }) => epoch)], {
        repeatable: true,
      })
      const answers = new Map(known.map((run, index) => [run, rows[index]?.held === true]))
      return runs.map((run) => answers.get(run) === true)
    },
  }
}
