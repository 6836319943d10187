import { BLOCKED, READY } from '@headway/store-kit/rules'
import type { Database, Runner } from '../database/database.js'

/** How many keys one sweep looks after. */
const KEYS_PER_SWEEP = 1_000

/** How many jobs of a type and a key one sweep sets back, at most. */
const PLACES_PER_SWEEP = 100

/**
 * Concurrency keys. A job whose key is at its limit is set aside as BLOCKED by the claim that meets it, and set back to READY when a place
 * becomes free. Both count holders under the key's lock, after it is held: else each could miss what the other does. Where a node dies
 * between the end of a job and the setting back, the next sweep does it.
 */
export interface Keys {
  /** Holds the locks of keys, up to the end of the transaction. In one order, whoever asks. */
  lock(tx: Runner, keys: readonly string[]): Promise<void>
  /** Sets all ready jobs of a key aside that can't run beside `holders` others. The caller holds the lock. */
  block(tx: Runner, key: string, holders: number): Promise<void>
  /** Sets back the best waiting jobs of each type, as many as places of the key may have become free. @returns whether there was one */
  unblock(key: string, places?: number): Promise<boolean>
  /** Keys of which jobs are set aside although there is a place, with about how many places there are. */
  forgotten(): Promise<ReadonlyMap<string, number>>
}

export function prepareKeys(db: Database): Keys {
  const { sql, schema } = db
  const lock = sql(`select pg_advisory_xact_lock(hashtext($1), hash) from unnest($2::integer[]) as hash`)
  const hashes = sql('select distinct hashtext(key) as hash from unnest($1::text[]) as key order by hash')
  const block = sql(`update headway.jobs set queue = ${BLOCKED} where id in (
    select id from headway.jobs where queue = ${READY} and key is not null and key = $1 and key_limit <= $2 for no key update skip locked)`)
  // One step of the index for each type, and below for each key, however many jobs wait.
  const unblock = sql(`with recursive types (type) as (
      (select type from headway.jobs where queue = ${BLOCKED} and key = $1 order by type limit 1)
      union all
      select (select type from headway.jobs where queue = ${BLOCKED} and key = $1 and type > t.type order by type limit 1)
      from types t where t.type is not null
    )
    update headway.jobs set queue = ${READY} where id in (
      select best.id from types cross join lateral (
        select id from headway.jobs where queue = ${BLOCKED} and key = $1 and type = types.type
          and key_limit > (select count(*) from headway.jobs where key = $1 and holds_key = 1)
        order by priority desc, id limit $2 for no key update skip locked
      ) best
    ) and queue = ${BLOCKED} returning uuid`)
  // By type: a ready job of a type that nobody claims says nothing of the others.
  const forgotten = sql(`with recursive waiting (key, type) as (
      (select key, type from headway.jobs where queue = ${BLOCKED} order by key, type limit 1)
      union all
      select next.key, next.type from waiting w cross join lateral (
        select key, type from headway.jobs where queue = ${BLOCKED} and (key, type) > (w.key, w.type) order by key, type limit 1
      ) next
    )
    select w.key, max(least(${PLACES_PER_SWEEP}, best.key_limit - h.holders)) as places
    from waiting w cross join lateral (select count(*) as holders from headway.jobs where key = w.key and holds_key = 1) h
    cross join lateral (
      select key_limit from headway.jobs where queue = ${BLOCKED} and key = w.key and type = w.type and key_limit > h.holders limit 1
    ) best
    where not exists (select from headway.jobs where queue = ${READY} and key is not null and key = w.key and type = w.type)
    group by w.key limit ${KEYS_PER_SWEEP}`)

  async function hold(tx: Runner, keys: readonly string[]): Promise<void> {
    const found = await tx.run<{ hash: number }>(hashes, [keys])
    await tx.run(lock, [`${schema} key`, found.map(({ hash }) => hash)])
  }

  return {
    lock: hold,
    block: async (tx, key, holders) => void (await tx.run(block, [key, holders])),
    unblock: (key, places = 1) =>
      db.transaction(
        async (tx) => {
          await hold(tx, [key])
          return (await tx.run(unblock, [key, places])).length > 0
        },
        { repeatable: true },
      ),
    forgotten: async () => {
      const rows = await db.run<{ key: string; places: number }>(forgotten, [], { repeatable: true })
      return new Map(rows.map(({ key, places }) => [key, Math.max(1, places)]))
    },
  }
}
