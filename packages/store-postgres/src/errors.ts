import { StoreError } from '@headway/core'

/** The SQLSTATE of an error of the database, or a system's code (`ECONNREFUSED`). */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'

/** Nothing has happened, and the same again may succeed at once. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED
}

const INVALID_STATEMENT_NAME = '26000'
const DUPLICATE_STATEMENT = '42P05'

/** A pooler between gave this connection another session: statements can't be prepared by name. */
export function isStatementLost(error: unknown): boolean {
  const code = codeOf(error)
  return code === INVALID_STATEMENT_NAME || code === DUPLICATE_STATEMENT
}

/** Classes of SQLSTATE that say that the server, not the statement, is the trouble: postgresql.org/docs/current/errcodes-appendix.html */
const TROUBLE_OF_SERVER = ['08', '53', '57', '58']
const READ_ONLY = '25006'
const UNSETTLED_TRANSACTION = ['25P01', '25P02', '25P03']

/**
 * Whether the same may go well later, on another connection: the server is away, stops, starts, fails over, or has too much to do. Whether it
 * has happened is not known.
 */
export function isTrouble(error: unknown): boolean {
  const code = codeOf(error)
  // Errors of the network and of the driver have no SQLSTATE: a connection that ended, a time-out.
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return true
  return code === READ_ONLY || UNSETTLED_TRANSACTION.includes(code) || TROUBLE_OF_SERVER.includes(code.slice(0, 2))
}

/** The server's own words for "I stop", "I start", and "I am no primary". */
const AWAY = ['57P01', '57P02', '57P03', READ_ONLY]

/** Whether a store failed because its database can't be reached now: it may be started a moment later. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof StoreError && error.cause !== undefined && isConnectionLost(error.cause)
}

/** Whether the database can't be reached, or can't be used by anybody. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error)
  return code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || AWAY.includes(code)
}

const DISK_FULL = '53100'
const CORRUPT = ['XX001', 'XX002']

/** What any error means to users of the store. */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  const message = error instanceof Error && error.message !== '' ? error.message : (code ?? String(error))
  if (code === DISK_FULL) return new StoreError('full', 'The database has no room left to write to.', { cause: error })
  if (code !== undefined && CORRUPT.includes(code))
    return new StoreError('corrupt', `The database is damaged: ${message}.`, { cause: error })
  return new StoreError('unavailable', `The database failed: ${message}`, { cause: error })
}
