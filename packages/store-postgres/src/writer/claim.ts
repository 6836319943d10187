import { StoreError } from '@headway/core'
import type { Claim, ClaimRoom, WorkerId } from '@headway/core'
import { READY, SCHEDULED } from '@headway/store-kit/rules'
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.js'
import { prepareClaimLimited } from './claim-limited.js'
import type { Keys } from './keys.js'
import { TAKEN_COLUMNS, TAKEN_TABLES, byUrgency, claimOf, takeValues, taking } from './take.js'
import type { TakenRow } from './take.js'

/** How many jobs whose time has come one claim makes ready. */
const DUE_PER_CLAIM = 1_000

/** How many jobs one claim takes at most, whatever room there is: each brings its input. The worker asks again. */
const MAX_PER_CLAIM = 500

/** How many marks of claims are kept whose outcome is not known. */
const MAX_UNKNOWN = 100

/** One at least: every row says which jobs were found, but not taken, because they have a concurrency key. */
type PickedRow = { readonly keyed: readonly string[] | null } & (TakenRow | { readonly uuid: null })

/**
 * Takes jobs for a worker. Jobs without a concurrency key, of types without a limit over all workers, are one statement: what another node
 * has locked is skipped, and nothing is joined with what was taken but by an index: the planner can't know how many those are. The others are taken one node after another, see claim-limited.ts.
 */
export function prepareClaim(
  db: Database,
  keys: Keys,
): (worker: WorkerId, room: readonly ClaimRoom[], leaseMs: number, total: number) => Promise<readonly Claim[]> {
  const { sql } = db
  const due = sql(`update headway.jobs set queue = ${READY} where id in (
      select j.id from unnest($1::text[]) as t (type) cross join lateral (
        select id from headway.jobs where queue = ${SCHEDULED} and type = t.type and run_at <= (select headway.now_ms())
        order by run_at limit ${DUE_PER_CLAIM} for no key update skip locked
      ) j
    )`)
  const pick = sql(`
    with picked as materialized (
      select j.*, headway.now_ms() as now from unnest($5::text[], $6::integer[]) as t (type, room) cross join lateral (
        select id, uuid, priority, key is not null as limited from headway.jobs where queue = ${READY} and type = t.type
        order by priority desc, id limit t.room for no key update skip locked
      ) j order by j.priority desc, j.id limit $7
    ), ${taking('(select id, now from picked where not limited)')}
    select (select array_agg(uuid) from picked where limited) as keyed, t.*
    from (select) as always left join (select ${TAKEN_COLUMNS} from ${TAKEN_TABLES}) t on true`)
  const adopt = sql(`
    with taken as (
      update headway.jobs set lease_expires = headway.now_ms() + $2::bigint, batch_id = $5
      where lease_worker = $1 and batch_id = any($3::text[]) and lease_expires > headway.now_ms() and type = any($4::text[]) returning *
    )
    select ${TAKEN_COLUMNS} from ${TAKEN_TABLES}`)
  const saved = sql('select id::text as id, value from headway.checkpoints where id = any($1::bigint[])')
  const claimLimited = prepareClaimLimited(db, keys)
  /** Marks of claims that may have taken jobs although they failed, and until when they are looked for: a claim may also be committed late. */
  let unknown: { readonly mark: string; readonly until: number }[] = []

  /** Gives a claim the marks that it needs; where it fails, all that it took is for the next claim. */
  async function marked<T>(leaseMs: number, work: (newMark: () => string) => Promise<T>): Promise<T> {
    const marks: string[] = []
    const newMark = (): string => {
      const mark = randomUUID()
      marks.push(mark)
      return mark
    }
    try {
      return await work(newMark)
    } catch (error) {
      if (error instanceof StoreError && error.code === 'unavailable') {
        const until = performance.now() + leaseMs
        unknown = [...unknown, ...marks.map((mark) => ({ mark, until }))].slice(-MAX_UNKNOWN)
      }
      throw error
    }
  }

  /** Jobs that an earlier claim of this worker took without hearing of it. They get another mark, so that none is found twice. */
  async function adoptUnknown(
    worker: WorkerId,
    types: readonly string[],
    leaseMs: number,
    newMark: () => string,
  ): Promise<readonly TakenRow[]> {
    unknown = unknown.filter(({ until }) => until > performance.now())
    const marks = unknown.map(({ mark }) => mark)
    return marks.length === 0 ? [] : db.run<TakenRow>(adopt, [worker, leaseMs, marks, types, newMark()])
  }

  /**
   * The checkpoints of jobs that somebody had before, by their internal ids. A statement of its own: that which took them may have seen an
   * older one than the last owner left, when that gave the job back in the same moment.
   */
  async function checkpointsOf(rows: readonly TakenRow[]): Promise<ReadonlyMap<string, string>> {
    const ids = rows.flatMap(({ id, epoch }) => (epoch > 1 ? [id] : []))
    if (ids.length === 0) return new Map()
    const found = await db.run<{ id: string; value: string }>(saved, [ids], { repeatable: true })
    return new Map(found.map(({ id, value }) => [id, value]))
  }

  async function claim(
    worker: WorkerId,
    room: readonly ClaimRoom[],
    leaseMs: number,
    total: number,
    newMark: () => string,
  ): Promise<readonly Claim[]> {
    const types = room.map(({ type }) => type)
    const rows: TakenRow[] = []
    const left = new Map(room.map(({ type, limit }) => [type, limit]))
    const most = new Map(room.flatMap((one) => (one.most === undefined ? [] : [[one.type, one.most] as const])))
    const take = (taken: readonly TakenRow[]): void => {
      for (const row of taken) {
        rows.push(row)
        left.set(row.type, (left.get(row.type) ?? 0) - 1)
      }
    }
    take(await adoptUnknown(worker, types, leaseMs, newMark))
    await db.run(due, [types], { repeatable: true })
    const roomOf = (limited: boolean): (readonly [string, number])[] =>
      [...left].filter(([type, limit]) => limit > 0 && most.has(type) === limited)

    // Again where jobs were set aside: others may be behind them.
    for (let again = true; again && rows.length < Math.min(total, MAX_PER_CLAIM);) {
      const free = Math.min(total, MAX_PER_CLAIM) - rows.length
      const open = roomOf(false)
      const picks =
        open.length === 0
          ? []
          : await db.run<PickedRow>(pick, [
              ...takeValues(worker, leaseMs, newMark()),
              open.map(([type]) => type),
              open.map(([, limit]) => Math.min(limit, free)),
              free,
            ])
      take(picks.filter((row) => row.uuid !== null))
      const keyed = picks[0]?.keyed ?? []
      const limitedTypes = roomOf(true).map(([type, limit]) => ({ type, limit, most: most.get(type) ?? limit }))
      again = false
      if ((keyed.length === 0 && limitedTypes.length === 0) || rows.length >= total) continue
      const mark = newMark()
      const limited = await claimLimited({ worker, leaseMs, mark, keyed, types: limitedTypes, room: left, total: total - rows.length })
      take(limited.taken)
      again = limited.blocked
    }
    const checkpoints = await checkpointsOf(rows)
    return rows.toSorted(byUrgency).map((row) => claimOf(row, worker, checkpoints.get(row.id)))
  }

  return (worker, room, leaseMs, total) => marked(leaseMs, (newMark) => claim(worker, room, leaseMs, total, newMark))
}
