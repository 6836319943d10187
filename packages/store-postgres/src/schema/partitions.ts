import { StoreError } from '@headway/core'
import type { Database, Runner } from '../database/database.js'
import { quoteIdentifier } from '../database/statement.js'
import { codeOf } from '../errors.js'
import { dayOf, firstIdAt } from './job-id.js'

const DAY_MS = 24 * 3_600_000

/** Tables that are partitioned by a job's internal id, with the column that has it. */
const PARTITIONED = ['details', 'segments'] as const

/** How long a partition is let be after its day: clocks of clients and servers may differ, and a job may be made in the last moment. */
const REST_MS = 2 * 3_600_000

/** How long the removal of a partition may keep others waiting, in milliseconds; then it is left for another time. */
const LOCK_TIMEOUT_MS = 200

/** Makes the partitions of today and tomorrow, by the store's clock, where they are not there. */
export function makePartitions(db: Database): Promise<void> {
  return db.transaction(
    async (tx) => {
      const now = await nowOf(tx, db)
      const today = now - (now % DAY_MS)
      await attachDays(tx, db, [today, today + DAY_MS])
    },
    { repeatable: true },
  )
}

/** Makes the partitions that jobs with these internal ids belong to, where they are not there. They stay at least as long as the transaction. */
export async function attachPartitions(tx: Runner, db: Database, ids: readonly string[]): Promise<void> {
  await attachDays(tx, db, [...new Set(ids.map(dayOf))])
}

async function attachDays(tx: Runner, db: Database, days: readonly number[]): Promise<void> {
  const { sql, schema } = db
  const there = new Set((await partitionsOf(tx, db)).map(({ name }) => name))
  const missing = days.flatMap((day) =>
    PARTITIONED.map((table) => ({ table, day, name: nameOf(table, day) })).filter(({ name }) => !there.has(name)),
  )
  if (missing.length === 0) return
  await tx.run(sql(`select pg_advisory_xact_lock(hashtext('headway ' || $1))`), [`${schema} partitions`])
  const since = new Set((await partitionsOf(tx, db)).map(({ name }) => name))
  for (const { table, day, name } of missing) {
    if (since.has(name)) continue
    const own = `headway.${quoteIdentifier(name)}`
    // Attached, not made as a partition: that would wait for everybody who reads or writes the table, and keep others waiting.
    await tx.run(sql(`create table ${own} (like headway.${table} including all)`))
    await tx.run(
      sql(`alter table headway.${table} attach partition ${own} for values from (${firstIdAt(day)}) to (${firstIdAt(day + DAY_MS)})`),
    )
  }
}

/** Drops the partitions of past days whose jobs are all gone; those that somebody else reads or writes just now another time. @returns how many tables were dropped */
export async function dropPartitions(db: Database): Promise<number> {
  const { sql } = db
  const now = await nowOf(db, db)
  let dropped = 0
  for (const { name, day } of await partitionsOf(db, db)) {
    const end = day + DAY_MS
    if (end + REST_MS > now) continue
    const range = [firstIdAt(day), firstIdAt(end)]
    if (await hasJobs(db, db, range)) continue
    try {
      await db.transaction(async (tx) => {
        await tx.run(sql(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`))
        await tx.run(sql(`drop table if exists headway.${quoteIdentifier(name)}`))
        // Now that nobody can write to it: jobs of that day may have been taken from another store meanwhile.
        if (await hasJobs(tx, db, range)) throw new StillUsed()
        await tx.run(sql('delete from headway.garbage where job >= $1::bigint and job < $2::bigint'), range)
      })
      dropped += 1
    } catch (error) {
      if (!(error instanceof StillUsed) && !isLocked(error)) throw error
    }
  }
  return dropped
}

async function hasJobs(runner: Runner, { sql }: Database, range: readonly string[]): Promise<boolean> {
  const [row] = await runner.run<{ used: boolean }>(
    sql('select exists (select from headway.jobs where id >= $1::bigint and id < $2::bigint) as used'),
    range,
  )
  return row?.used !== false
}

/** Rolls the removal of a partition back. */
class StillUsed extends Error {}

/** PostgreSQL's "lock not available". */
const LOCK_NOT_AVAILABLE = '55P03'

function isLocked(error: unknown): boolean {
  return error instanceof StoreError && codeOf(error.cause) === LOCK_NOT_AVAILABLE
}

interface Partition {
  readonly name: string
  /** When its day begins, in milliseconds since the epoch. */
  readonly day: number
}

async function partitionsOf(runner: Runner, { sql, schema }: Database): Promise<Partition[]> {
  const rows = await runner.run<{ name: string }>(
    sql(`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where p.relnamespace = to_regnamespace($1) and p.relkind = 'p' and c.relkind = 'r' order by c.relname`),
    [quoteIdentifier(schema)],
  )
  return rows.flatMap(({ name }) => {
    const [, date] = /_(\d{4}_\d{2}_\d{2})$/.exec(name) ?? []
    return date === undefined ? [] : [{ name, day: Date.parse(`${date.replaceAll('_', '-')}T00:00:00Z`) }]
  })
}

function nameOf(table: string, day: number): string {
  return `${table}_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '_')}`
}

async function nowOf(runner: Runner, { sql }: Database): Promise<number> {
  const [row] = await runner.run<{ now: number }>(sql('select headway.now_ms() as now'))
  return row?.now ?? Date.now()
}
