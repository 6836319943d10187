import type { KeyValueEntry, KeyValueStore } from '@headway/core'
import type { Json } from '@headway/protocol'
import { checkIncrement, checkKey, encodeValue, isStorable } from '@headway/store-kit'
import type { Database } from '../database/database.js'
import { Increments } from './increments.js'
import type { Sum } from './increments.js'

/** Longer than what any key has after a prefix, and of the last character that there is: every key with a prefix is before prefix and this. */
const LAST_OF_ALL = '\u{10ffff}'.repeat(512)

/** How many expired entries one sweep removes. */
const EXPIRED_PER_SWEEP = 1_000

/** Small values in PostgreSQL, one statement for each call; see `KeyValueStore`. */
export class PostgresKeyValueStore implements KeyValueStore {
  readonly #db: Database
  readonly #statements: ReturnType<typeof statementsOf>
  readonly #increments: Increments

  constructor(db: Database) {
    this.#db = db
    this.#statements = statementsOf(db)
    this.#increments = new Increments(db)
  }

  async get(key: string): Promise<KeyValueEntry | undefined> {
    if (!isStorable(key)) return undefined
    const [row] = await this.#db.run<{ value: string; version: number }>(this.#statements.get, [key], { repeatable: true })
    return row && { value: JSON.parse(row.value) as Json, version: row.version }
  }

  async set(key: string, value: Json, options: { readonly ttlMs?: number; readonly ifVersion?: number } = {}): Promise<number | undefined> {
    checkKey(key)
    const { ifVersion } = options
    const values = [key, encodeValue(key, value), wholeMs(options.ttlMs)] as const
    const { set, setAbsent, setVersion } = this.#statements
    const rows =
      ifVersion === undefined
        ? await this.#db.run<{ version: number }>(set, values, { repeatable: true })
        : ifVersion === 0
          ? await this.#db.run<{ version: number }>(setAbsent, values)
          : await this.#db.run<{ version: number }>(setVersion, [...values, ifVersion])
    return rows[0]?.version
  }

  async increment(key: string, by: number, options: { readonly ttlMs?: number } = {}): Promise<Sum> {
    checkIncrement(key, by)
    return this.#increments.add(key, by, wholeMs(options.ttlMs))
  }

  async delete(key: string): Promise<boolean> {
    if (!isStorable(key)) return false
    const [row] = await this.#db.run<{ live: boolean }>(this.#statements.remove, [key])
    return row?.live === true
  }

  async keys(prefix: string, limit: number): Promise<readonly string[]> {
    if (!isStorable(prefix)) return []
    const values = [prefix, prefix + LAST_OF_ALL, limit]
    const rows = await this.#db.run<{ key: string }>(this.#statements.keys, values, { repeatable: true })
    return rows.map(({ key }) => key)
  }

  /** Removes entries whose time is over, at most `limit`, and none that another node is at. Gives how many. */
  async removeExpired(limit = EXPIRED_PER_SWEEP): Promise<number> {
    const [row] = await this.#db.run<{ removed: number }>(this.#statements.removeExpired, [limit], { repeatable: true })
    return row?.removed ?? 0
  }
}

function wholeMs(ttlMs: number | undefined): number | null {
  return ttlMs === undefined ? null : Math.round(ttlMs)
}

/**
 * Versions come from one sequence for all keys, so that the version of a key never comes again, also when it was deleted in between. Where there
 * is an entry, its next version is taken while its row is locked: versions grow in the order of the changes.
 *
 * `now_ms` in a subquery is asked once, so that an index can be used with it.
 */
function statementsOf({ sql }: Database) {
  const set = `
    insert into headway.key_values as held (key, value, version, expires)
    values ($1, $2, nextval('headway.key_value_versions'), headway.now_ms() + $3::bigint)
    on conflict (key) do update set
      value = excluded.value, version = nextval('headway.key_value_versions'), expires = excluded.expires`
  return {
    get: sql(`select value, version from headway.key_values where key = $1 and (expires is null or expires > headway.now_ms())`),
    set: sql(`${set} returning version`),
    setAbsent: sql(`${set} where held.expires <= headway.now_ms() returning version`),
    setVersion: sql(`
      update headway.key_values set value = $2, version = nextval('headway.key_value_versions'), expires = headway.now_ms() + $3::bigint
      where key = $1 and version = $4 and (expires is null or expires > headway.now_ms()) returning version`),
    remove: sql(`delete from headway.key_values where key = $1 returning expires is null or expires > headway.now_ms() as live`),
    keys: sql(`
      select key from headway.key_values where key >= $1 and key < $2 and (expires is null or expires > (select headway.now_ms()))
      order by key limit $3`),
    removeExpired: sql(`
      with removed as (
        delete from headway.key_values where key = any (array(
          select key from headway.key_values where expires <= (select headway.now_ms()) order by expires limit $1 for update skip locked
        )) returning 1
      ) select count(*) as removed from removed`),
  }
}
