import { StoreError } from '@headway/core'
import pg from 'pg'
import { isConflict, isConnectionLost, isStatementLost, isTrouble, storeErrorOf } from '../errors.js'
import { connectionUrl } from './connection-url.js'
import { INT8_AS_NUMBER } from './types.js'
import { statementsOf } from './statement.js'
import type { Statement } from './statement.js'

export interface DatabaseOptions {
  readonly url: string
  readonly schema: string
  readonly maxConnections: number
  /** How long a call waits for a connection, and for each answer. */
  readonly timeoutMs: number
  /** How long calls wait for a database that is away, from when that was first seen; after that they fail at once, until it is back. */
  readonly awayMs: number
  readonly onNotice: (message: string) => void
}

export type SqlValue = string | number | boolean | null | Buffer | readonly (string | number | boolean | null)[]

/** Something that runs statements: the database, each in a transaction of its own, or one transaction. */
export interface Runner {
  /** @throws StoreError */
  run<Row extends object>(statement: Statement, values?: readonly SqlValue[]): Promise<Row[]>
}

export interface RunOptions {
  /** Running it twice does no harm: where the outcome is not known, it is run again, until the time-out. */
  readonly repeatable?: boolean
}

/** How often what ended in a conflict with another transaction is tried again. */
const MAX_CONFLICTS = 10
/** Between two tries while the database is away: from the first pause to the longest. */
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500

/** How often it is tried whether a database that is away is back: by one call, while the others fail. In milliseconds. */
const TRY_MS = 250

/** How long a node that stops amid a transaction may keep others from the rows that it locked, in milliseconds: between two statements there are a few. */
const IDLE_IN_TRANSACTION_MS = 3_000

/** One node's connections to the database. No statement leaves anything behind in its session, so a pooler may stand between. */
export class Database implements Runner {
  /** Makes a statement for this database's schema; see `statementsOf`. */
  readonly sql: (text: string) => Statement
  readonly schema: string
  readonly #pool: pg.Pool
  readonly #options: DatabaseOptions
  /** A node that the network cut off amid a transaction must not hold its locks for longer than it would wait itself. */
  readonly #begin: string
  /** Whether statements are prepared by name. A pooler in transaction mode may not allow it. */
  #prepare = true
  /** Since when no call came through, why, and when the next may try. */
  #away: { readonly since: number; readonly error: unknown; tryAt: number } | undefined
  #closed = false
  /** Calls that have not come to their end: also those that still wait for a connection, which a pool that ends gives to nobody. */
  #underWay = 0
  #drained: (() => void) | undefined

  constructor(options: DatabaseOptions) {
    this.#options = options
    this.#begin = `begin; set local idle_in_transaction_session_timeout = ${Math.min(options.timeoutMs, IDLE_IN_TRANSACTION_MS)}`
    this.schema = options.schema
    this.sql = statementsOf(options.schema)
    this.#pool = new pg.Pool({
      connectionString: connectionUrl(options.url),
      max: options.maxConnections,
      connectionTimeoutMillis: options.timeoutMs,
      keepAlive: true,
      types: INT8_AS_NUMBER,
      application_name: 'headway',
    })
    // An idle connection was lost: the pool makes another when it is needed.
    this.#pool.on('error', () => undefined)
    // One in use was lost: its query fails, and it says so as an event besides.
    this.#pool.on('connect', (client) => void client.on('error', () => undefined))
  }

  run<Row extends object>(statement: Statement, values: readonly SqlValue[] = [], how: RunOptions = {}): Promise<Row[]> {
    return this.#attempt((client) => this.#query<Row>(client, statement, values), how)
  }

  /** Runs a transaction (READ COMMITTED). After a conflict with another one `work` is called again, so it must not keep anything of its first call. */
  transaction<T>(work: (tx: Runner) => Promise<T>, how: RunOptions = {}): Promise<T> {
    return this.#attempt(async (client) => {
      await this.#plain(client, this.#begin)
      try {
        const result = await work({ run: (statement, values = []) => this.#query(client, statement, values) })
        await this.#plain(client, 'commit')
        return result
      } catch (error) {
        // On a broken connection there is nothing to roll back.
        if (!isOfDatabase(error) || !isTrouble(error)) await this.#plain(client, 'rollback')
        throw error
      }
    }, how)
  }

  /** Later calls throw StoreError `closed`; those under way come to their end. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    await this.#pool.end()
  }

  async #attempt<T>(work: (client: pg.PoolClient) => Promise<T>, how: RunOptions): Promise<T> {
    this.#underWay += 1
    try {
      return await this.#attemptUntil(work, how)
    } finally {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#drained?.()
    }
  }

  async #attemptUntil<T>(work: (client: pg.PoolClient) => Promise<T>, { repeatable = false }: RunOptions): Promise<T> {
    const giveUpAt = performance.now() + this.#options.timeoutMs
    let conflicts = 0
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (this.#closed) throw new StoreError('closed', 'The store was closed.')
      const prepared = this.#prepare
      this.#refuseWhileAway()
      try {
        const result = await this.#once(work)
        this.#away = undefined
        return result
      } catch (error) {
        this.#noteAway(error)
        const mayPass = error instanceof NotBegun ? isTrouble(error.cause) : repeatable && isTrouble(error) && isOfDatabase(error)
        if (mayPass && performance.now() < giveUpAt) {
          await delay(pause * (0.5 + Math.random() / 2))
        } else if (isStatementLost(error) && prepared) {
          this.#sendWhole()
        } else if (isConflict(error) && conflicts < MAX_CONFLICTS) {
          conflicts += 1
          await delay(Math.random() * conflicts * 10)
        } else {
          throw error instanceof NotBegun ? storeErrorOf(error.cause) : isOfDatabase(error) ? storeErrorOf(error) : error
        }
      }
    }
  }

  /** @throws StoreError `unavailable` where that is known: whoever asks need not wait to hear it */
  #refuseWhileAway(): void {
    const away = this.#away
    const now = performance.now()
    if (away === undefined || now < away.since + this.#options.awayMs) return
    if (now < away.tryAt) throw storeErrorOf(away.error)
    away.tryAt = now + TRY_MS
  }

  #noteAway(error: unknown): void {
    const cause = error instanceof NotBegun ? error.cause : error
    const isAway = error instanceof NotBegun ? isTrouble(cause) : isOfDatabase(error) && isConnectionLost(cause)
    if (isAway) this.#away ??= { since: performance.now(), error: cause, tryAt: 0 }
    else if (error instanceof pg.DatabaseError) this.#away = undefined
  }

  /** Others may have found out while this one was under way. */
  #sendWhole(): void {
    if (!this.#prepare) return
    this.#prepare = false
    this.#options.onNotice('The database is reached through a pooler that keeps no prepared statements; each is sent whole from now on.')
  }

  async #once<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw this.#closed ? new StoreError('closed', 'The store was closed.') : new NotBegun(error)
    })
    let broken = false
    try {
      return await work(client)
    } catch (error) {
      broken = isOfDatabase(error) && isTrouble(error)
      throw error
    } finally {
      client.release(broken)
    }
  }

  async #query<Row extends object>(client: pg.PoolClient, { name, text }: Statement, values: readonly SqlValue[]): Promise<Row[]> {
    const query = { text, values: [...values], ...(this.#prepare && { name }) }
    return (await this.#inTime(client.query<Row>(query))).rows
  }

  async #plain(client: pg.PoolClient, text: string): Promise<void> {
    await this.#inTime(client.query(text))
  }

  /** A connection whose answer does not come is given up; the server finds out by itself. */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const { timeoutMs } = this.#options
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DatabaseTimeout(`The database did not answer within ${timeoutMs} ms.`)), timeoutMs)
    })
    try {
      return await Promise.race([answer, late])
    } catch (error) {
      answer.catch(() => undefined)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

class DatabaseTimeout extends Error {
  readonly code = 'ETIMEDOUT'
}

/** There was no connection: nothing has happened. */
class NotBegun extends Error {
  constructor(cause: unknown) {
    super('There is no connection to the database.', { cause })
  }
}

/** Errors of the driver, the network and the server; others are mistakes of the program, or of its caller. */
function isOfDatabase(error: unknown): boolean {
  if (error instanceof pg.DatabaseError || error instanceof DatabaseTimeout) return true
  if (!(error instanceof Error) || error instanceof StoreError) return false
  return 'syscall' in error || error.message.startsWith('Connection terminated') || error.message.startsWith('Client has encountered')
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
