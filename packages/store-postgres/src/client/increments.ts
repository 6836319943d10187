import { StoreError } from '@headway/core'
import { notANumber } from '@headway/store-kit'
import type { Database } from '../database/database.js'
import type { Statement } from '../database/statement.js'

export interface Sum {
  readonly value: number
  /** In milliseconds since the Unix epoch. */
  readonly expiresAt: number | undefined
}

/** How many keys one statement increments. */
const MAX_KEYS_AT_ONCE = 500

/** How many calls wait for the statement under way. */
const MAX_WAITING = 10_000

interface Call {
  /** What the key has grown by when this call's turn was over, since the group's first. */
  readonly grown: number
  readonly resolve: (sum: Sum) => void
  readonly reject: (error: unknown) => void
}

/** Calls for one key that are one increment in the database. */
interface Group {
  readonly key: string
  /** Of the first call. */
  readonly ttlMs: number | null
  /** Whether one of the calls is for a count that stays. */
  isDurable: boolean
  grown: number
  readonly calls: Call[]
}

interface Row {
  readonly key: string
  readonly value: number
  readonly expires: number | null
}

/**
 * Increments of one node: one statement at a time, and what comes while it is under way goes together in the next. So a key that everybody
 * counts on (a rate limit) holds one connection of each node, not all of them, while nodes wait for its row in turn.
 */
export class Increments {
  readonly #db: Database
  readonly #statement: Statement
  readonly #waiting = new Map<string, Group>()
  /** Those that can't go together with others of their key. */
  readonly #alone: Group[] = []
  #calls = 0
  #isSending = false

  constructor(db: Database) {
    this.#db = db
    // A row that has to be waited for is read anew when it is free, so every increment finds the one before it. Rows are taken in the order
    // of their keys: two nodes never wait for one another. What expires is a count of the moment: its commit does not wait for the disk, nor
    // for a standby, and a crash of the database may forget the last half of a second of it.
    this.#statement = db.sql(`
      with clock as materialized (
        select headway.now_ms() as now, case when not $4::boolean then set_config('synchronous_commit', 'off', true) end as commit
      )
      insert into headway.key_values as held (key, value, version, expires)
      select added.key, added.grown::text, nextval('headway.key_value_versions'), clock.now + added.ttl
        from unnest($1::text[], $2::float8[], $3::bigint[]) as added (key, grown, ttl), clock order by added.key collate "C"
      on conflict (key) do update set
        value = case when held.expires <= (select now from clock) then excluded.value
          else (held.value::float8 + excluded.value::float8)::text end,
        version = nextval('headway.key_value_versions'),
        expires = case when held.expires <= (select now from clock) then excluded.expires else held.expires end
      where held.expires <= (select now from clock) or held.value ~ '^[-0-9]'
      returning held.key, held.value::float8 as value, held.expires`)
  }

  /** @throws HeadwayError VALIDATION_ERROR when the value is not a number; StoreError */
  add(key: string, by: number, ttlMs: number | null): Promise<Sum> {
    return new Promise((resolve, reject) => {
      if (this.#calls >= MAX_WAITING) {
        reject(new StoreError('unavailable', `${MAX_WAITING} increments wait for the database already.`))
        return
      }
      this.#calls += 1
      const group = this.#groupFor(key, by, ttlMs)
      group.grown += by
      group.isDurable ||= ttlMs === null
      group.calls.push({ grown: group.grown, resolve, reject })
      if (!this.#isSending) void this.#send()
    })
  }

  #groupFor(key: string, by: number, ttlMs: number | null): Group {
    const made: Group = { key, ttlMs, isDurable: false, grown: 0, calls: [] }
    // Sums of fractions depend on their order: what each call gets could not be told from the sum of all.
    if (!Number.isSafeInteger(by)) {
      this.#alone.push(made)
      return made
    }
    const group = this.#waiting.get(key) ?? made
    this.#waiting.set(key, group)
    return group
  }

  async #send(): Promise<void> {
    this.#isSending = true
    // Those of the same moment go together.
    await Promise.resolve()
    for (let groups = this.#take(); groups.length > 0; groups = this.#take()) await this.#run(groups)
    this.#isSending = false
  }

  /** What the next statement does; no key is in it twice. */
  #take(): readonly Group[] {
    const first = this.#alone.shift()
    const groups = first === undefined ? [...this.#waiting.values()].slice(0, MAX_KEYS_AT_ONCE) : [first]
    for (const group of groups) {
      if (group !== first) this.#waiting.delete(group.key)
      this.#calls -= group.calls.length
    }
    return groups
  }

  async #run(groups: readonly Group[]): Promise<void> {
    try {
      const rows = await this.#db.run<Row>(this.#statement, [
        groups.map(({ key }) => key),
        groups.map(({ grown }) => grown),
        groups.map(({ ttlMs }) => ttlMs),
        groups.some(({ isDurable }) => isDurable),
      ])
      const rowOf = new Map(rows.map((row) => [row.key, row]))
      for (const group of groups) settle(group, rowOf.get(group.key))
    } catch (error) {
      for (const { calls } of groups) for (const { reject } of calls) reject(error)
    }
  }
}

/** Gives every call the sum as it was at its turn. */
function settle({ key, grown, calls }: Group, row: Row | undefined): void {
  for (const call of calls) {
    if (row === undefined) call.reject(notANumber(key))
    else call.resolve({ value: row.value - (grown - call.grown), expiresAt: row.expires ?? undefined })
  }
}
