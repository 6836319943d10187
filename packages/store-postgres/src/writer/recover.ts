import type { SweepOptions } from '@headway/core'
import { recovered as afterLoss, timedOut } from '@headway/store-kit/rules'
import type { Database } from '../database/database.js'
import type { LockedRow } from '../rows.js'
import { LOCKED_COLUMNS } from './apply.js'
import type { Apply } from './apply.js'

export interface Recovered {
  readonly recovered: readonly string[]
  readonly ended: readonly string[]
  readonly more: boolean
  /** Concurrency keys of which others may run now, and how many. */
  readonly leftKeys: ReadonlyMap<string, number>
}

/** How many jobs of each kind one transaction looks after: where its node stops midway, those are kept from all others for a while. */
const JOBS_PER_TRANSACTION = 20

/** Jobs whose worker was lost, and jobs that waited too long. What another node looks after at the same time is left to it. */
export function prepareRecover(db: Database, apply: Apply): (options: Pick<SweepOptions, 'limit' | 'losses'>) => Promise<Recovered> {
  const { sql } = db
  const clock = sql('select headway.now_ms() as now')
  const lost = sql(`select ${LOCKED_COLUMNS} from headway.jobs j where j.lease_worker is not null and j.lease_expires <= $1
    order by j.uuid limit $2 for no key update skip locked`)
  const late =
    sql(`select ${LOCKED_COLUMNS} from headway.jobs j where j.queue > 0 and j.queue_deadline is not null and j.queue_deadline <= $1
    order by j.queue_deadline limit $2 for no key update skip locked`)

  const some = (limit: number, losses: SweepOptions['losses']): Promise<Recovered> =>
    db.transaction(
      async (tx) => {
        const [time] = await tx.run<{ now: number }>(clock)
        const now = time?.now ?? 0
        const recovered: string[] = []
        const ended: string[] = []
        const leftKeys = new Map<string, number>()
        const note = (key: string | undefined): unknown => key !== undefined && leftKeys.set(key, (leftKeys.get(key) ?? 0) + 1)
        const ofLost = await tx.run<LockedRow>(lost, [now, limit])
        for (const row of ofLost) {
          const rule = afterLoss(row, losses?.get(row.uuid), now)
          note(await apply(tx, row, rule.effect, now))
          if (rule.ended) ended.push(row.uuid)
          else recovered.push(row.uuid)
        }
        const ofLate = await tx.run<LockedRow>(late, [now, limit])
        for (const row of ofLate) {
          note(await apply(tx, row, timedOut(row, now), now))
          ended.push(row.uuid)
        }
        return { recovered, ended, leftKeys, more: ofLost.length === limit || ofLate.length === limit }
      },
      { repeatable: true },
    )

  return async ({ limit, losses }) => {
    const all = { recovered: [] as string[], ended: [] as string[], leftKeys: new Map<string, number>() }
    for (let more = true; more;) {
      const piece = await some(Math.min(limit, JOBS_PER_TRANSACTION), losses)
      all.recovered.push(...piece.recovered)
      all.ended.push(...piece.ended)
      for (const [key, places] of piece.leftKeys) all.leftKeys.set(key, (all.leftKeys.get(key) ?? 0) + places)
      more = piece.more
      if (all.recovered.length + all.ended.length >= limit) return { ...all, more }
    }
    return { ...all, more: false }
  }
}
