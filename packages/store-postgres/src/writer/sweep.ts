import type { SweepOptions, Swept } from '@headway/core'
import type { Database } from '../database/database.js'
import { dropPartitions, makePartitions } from '../schema/partitions.js'
import type { Apply } from './apply.js'
import { RESTED, collectGarbage } from './garbage.js'
import type { Keys } from './keys.js'
import { preparePrune } from './prune.js'
import type { Pruned } from './prune.js'
import { prepareRecover } from './recover.js'
import type { Recovered } from './recover.js'
import { foldTallies } from './tallies.js'

/** How often a node looks after what changes slowly: partitions, keys that were forgotten. In milliseconds. */
const CARE_MS = 30_000

export interface SweepResult extends Swept {
  /** Concurrency keys of which jobs were set back to the queue. */
  readonly freed: boolean
}

export interface SweepParts {
  readonly apply: Apply
  readonly keys: Keys
  readonly removeExpired: () => Promise<unknown>
}

/** What every node does now and then; each part leaves to the others what they do at the same time. */
export function prepareSweep(db: Database, { apply, keys, removeExpired }: SweepParts): (options: SweepOptions) => Promise<SweepResult> {
  const recover = prepareRecover(db, apply)
  const prune = preparePrune(db)
  let caredAt = Number.NEGATIVE_INFINITY

  // What there is to do, in one look: mostly nothing, and every node asks every second.
  const look = db.sql(`select
    exists (select from headway.jobs where lease_worker is not null and lease_expires <= (select headway.now_ms())) as lost,
    exists (select from headway.jobs where queue > 0 and queue_deadline is not null and queue_deadline <= (select headway.now_ms())) as late,
    exists (select from headway.key_values where expires <= (select headway.now_ms())) as expired,
    exists (select from headway.tally_changes) as counted,
    exists (select from headway.garbage where ${RESTED}) as garbage`)

  async function freeKeys(left: ReadonlyMap<string, number>): Promise<boolean> {
    let freed = false
    for (const [key, places] of left) freed = (await keys.unblock(key, places)) || freed
    return freed
  }

  async function care(): Promise<boolean> {
    if (performance.now() - caredAt < CARE_MS) return false
    caredAt = performance.now()
    await makePartitions(db)
    await dropPartitions(db)
    return freeKeys(await keys.forgotten())
  }

  return async (options) => {
    const [todo] = await db.run<Todo>(look, [], { repeatable: true })
    const { recovered, ended, leftKeys, more } = todo?.lost === true || todo?.late === true ? await recover(options) : NOTHING_LOST
    const freed = await freeKeys(leftKeys)
    if (todo?.expired === true) await removeExpired()
    if (todo?.counted === true) await db.transaction((tx) => foldTallies(db, tx))
    const garbage = todo?.garbage === true && (await collectGarbage(db))
    // Late, so that little can fail after it and keep from the caller which jobs are gone: their blobs are for it to remove.
    const retention = limits(options) ? await db.transaction((tx) => prune(tx, options), { repeatable: true }) : NOTHING_PRUNED
    const cared = await care()
    return { recovered, ended, pruned: retention.pruned, more: more || retention.more || garbage, freed: freed || cared }
  }
}

interface Todo {
  readonly lost: boolean
  readonly late: boolean
  readonly expired: boolean
  readonly counted: boolean
  readonly garbage: boolean
}

const NOTHING_LOST: Recovered = { recovered: [], ended: [], leftKeys: new Map(), more: false }
const NOTHING_PRUNED: Pruned = { pruned: [], more: false }

/** Whether anything is ever removed. */
function limits({ retention: { default: usual, byType = {}, groups = [] } }: SweepOptions): boolean {
  return [usual, ...Object.values(byType), ...groups.map(({ keep }) => keep)].some((keep) => Object.keys(keep).length > 0)
}
