import type { SweepOptions, Swept } from '@headway/core'
import type { Database } from '../database/database.js'
import { dropPartitions, makePartitions } from '../schema/partitions.js'
import type { Apply } from './apply.js'
import { collectGarbage } from './garbage.js'
import type { Keys } from './keys.js'
import { preparePrune } from './prune.js'
import { prepareRecover } from './recover.js'
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
  let caredAt = performance.now()

  async function freeKeys(left: readonly string[]): Promise<boolean> {
    let freed = false
    for (const key of left) freed = (await keys.unblock(key)) || freed
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
    const { recovered, ended, leftKeys, more } = await recover(options)
    const freed = await freeKeys(leftKeys)
    await removeExpired()
    const retention = await db.transaction((tx) => prune(tx, options), { repeatable: true })
    await db.transaction((tx) => foldTallies(db, tx))
    const garbage = await collectGarbage(db)
    const cared = await care()
    return { recovered, ended, pruned: retention.pruned, more: more || retention.more || garbage, freed: freed || cared }
  }
}
