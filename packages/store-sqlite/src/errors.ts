import type { StoreError } from '@headway/core'

/** An error as it crosses from a thread to the main thread. */
export interface WireError {
  readonly code: StoreError['code']
  readonly message: string
}

/**
 * What a thread throws for the store's users; the main thread makes a StoreError of it. (The threads load nothing of
 * the engine: they start several times faster without it.)
 */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly code: StoreError['code']

  constructor(code: StoreError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Primary result codes of SQLite: sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

/** The primary result code of an error that a driver threw, or undefined. Both drivers give the code as `errcode`. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** Whether another connection holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  return sqliteCodeOf(error) === SQLITE_BUSY
}

/** What any error of a driver or the file system means to users of the store. */
export function wireErrorOf(error: unknown): WireError {
  if (error instanceof StoreFailure) return { code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  const system = error instanceof Error && 'code' in error ? error.code : undefined
  const code = sqliteCodeOf(error)
  if (code === SQLITE_FULL || system === 'ENOSPC' || system === 'EDQUOT')
    return { code: 'full', message: 'There is no room left to write to.' }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return { code: 'corrupt', message: `The database is damaged: ${message}.` }
  return { code: 'unavailable', message: `The database failed: ${message}` }
}

const SQLITE_IOERR = 10

/** Whether the disk or the file itself is the trouble, so that no other operation would do better. Being full is not: a smaller one may fit. */
export function isDiskFailure(error: unknown): boolean {
  const code = sqliteCodeOf(error)
  return code === SQLITE_IOERR || code === SQLITE_CORRUPT || code === SQLITE_NOTADB
}
