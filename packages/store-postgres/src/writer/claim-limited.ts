import type { WorkerId } from '@headway/core'
import { READY } from '@headway/store-kit/rules'
import type { Database, Runner } from '../database/database.js'
import type { Keys } from './keys.js'
import { TAKEN_COLUMNS, TAKEN_TABLES, byUrgency, takeValues, taking } from './take.js'
import type { TakenRow } from './take.js'

interface LimitedType {
  readonly type: string
  readonly limit: number
  /** How many jobs of the type may be owned, by all workers. */
  readonly most: number
}

export interface LimitedClaim {
  readonly worker: WorkerId
  readonly leaseMs: number
  readonly mark: string
  /** Jobs that a pick met and that have a concurrency key. */
  readonly keyed: readonly string[]
  readonly types: readonly LimitedType[]
  /** How many of each type this worker has room for. */
  readonly room: ReadonlyMap<string, number>
  readonly total: number
}

export interface LimitedClaims {
  readonly taken: readonly TakenRow[]
  /** Jobs were set aside because their key is at its limit. */
  readonly blocked: boolean
}

interface Candidate {
  readonly id: string
  readonly uuid: string
  readonly type: string
  readonly key: string | null
  readonly key_limit: number | null
  readonly priority: number
  readonly holders: number
}

/**
 * Takes jobs whose number over all nodes is limited. The limits are looked at under locks (of the types first, then of the keys), so that
 * two nodes never both take the last place.
 */
export function prepareClaimLimited(db: Database, keys: Keys): (claim: LimitedClaim) => Promise<LimitedClaims> {
  const { sql, schema } = db
  const lockTypes = sql('select pg_advisory_xact_lock(hashtext($1), hash) from unnest($2::integer[]) as hash')
  const hashes = sql('select distinct hashtext(type) as hash from unnest($1::text[]) as type order by hash')
  const owned = sql(`select t.type, (select count(*) from headway.jobs j where j.type = t.type and j.lease_worker is not null) as owned
    from unnest($1::text[]) as t (type)`)
  const ready = sql(`select j.uuid, j.key from unnest($1::text[], $2::integer[]) as t (type, room) cross join lateral (
      select uuid, key from headway.jobs where queue = ${READY} and type = t.type order by priority desc, id limit t.room for no key update skip locked
    ) j`)
  const keysOf = sql('select distinct key from headway.jobs where uuid = any($1::uuid[]) and key is not null')
  const look = sql(`select j.id::text as id, j.uuid, j.type, j.key, j.key_limit, j.priority,
      case when j.key is null then 0 else (select count(*) from headway.jobs h where h.holds_key = 1 and h.key = j.key) end as holders
    from headway.jobs j where j.uuid = any($1::uuid[]) and j.queue = ${READY} order by j.uuid for no key update skip locked`)
  const take = sql(`
    with picked as materialized (select id, headway.now_ms() as now from unnest($5::bigint[]) as id), ${taking('picked')}
    select ${TAKEN_COLUMNS} from ${TAKEN_TABLES}`)

  /** Ready jobs of the types, as many as may be owned beside those that are. The types stay locked. */
  async function pickTypes(tx: Runner, types: readonly LimitedType[]): Promise<{ uuid: string; key: string | null }[]> {
    if (types.length === 0) return []
    const names = types.map(({ type }) => type)
    const locks = await tx.run<{ hash: number }>(hashes, [names])
    await tx.run(lockTypes, [`${schema} type`, locks.map(({ hash }) => hash)])
    const counts = new Map((await tx.run<{ type: string; owned: number }>(owned, [names])).map((row) => [row.type, row.owned]))
    const rooms = types.map(({ type, limit, most }) => Math.max(0, Math.min(limit, most - (counts.get(type) ?? 0))))
    return tx.run(ready, [names, rooms])
  }

  return ({ worker, leaseMs, mark, keyed, types, room, total }) =>
    db.transaction(async (tx) => {
      const ofTypes = await pickTypes(tx, types)
      const ids = [...keyed, ...ofTypes.map(({ uuid }) => uuid)]
      if (ids.length === 0) return { taken: [], blocked: false }
      const found = await tx.run<{ key: string }>(keysOf, [ids])
      if (found.length > 0)
        await keys.lock(
          tx,
          found.map(({ key }) => key),
        )
      // A statement of its own: it sees what was committed before the locks were held.
      const candidates = await tx.run<Candidate>(look, [ids])
      const { chosen, full } = choose(candidates, room, total)
      const taken = chosen.length === 0 ? [] : await tx.run<TakenRow>(take, [...takeValues(worker, leaseMs, mark), chosen])
      for (const [key, holders] of full) await keys.block(tx, key, holders)
      return { taken, blocked: full.size > 0 }
    })
}

/** The jobs to take, and the keys that are at their limit then, with how many jobs hold them. */
function choose(
  candidates: readonly Candidate[],
  room: ReadonlyMap<string, number>,
  total: number,
): { readonly chosen: readonly string[]; readonly full: ReadonlyMap<string, number> } {
  const left = new Map(room)
  const holders = new Map<string, number>()
  const full = new Map<string, number>()
  const chosen: string[] = []
  const inOrder = candidates.toSorted(byUrgency)
  for (const { id, type, key, key_limit, holders: before } of inOrder) {
    const held = key === null ? 0 : (holders.get(key) ?? before)
    if (key !== null && held >= (key_limit ?? 1)) {
      full.set(key, held)
      continue
    }
    if (chosen.length >= total || (left.get(type) ?? 0) <= 0) continue
    chosen.push(id)
    left.set(type, (left.get(type) ?? 0) - 1)
    if (key !== null) holders.set(key, held + 1)
  }
  return { chosen, full }
}
