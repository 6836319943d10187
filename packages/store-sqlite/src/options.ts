/** What `openSqliteStores` needs. Sizes are in bytes. */
export interface SqliteOptions {
  /** The data folder. It is made when it is not there; one server at a time can use it. */
  readonly folder: string
  /** The largest that the database may grow; then writing fails with StoreError `full`. No limit by default. */
  readonly maxBytes?: number
  /** Milliseconds that are added to the store's clock, in shared memory: tests move the time with it. */
  readonly timeOffset?: Float64Array<SharedArrayBuffer>
  /** How many operations may wait for the next commit; the call that brings more waits. 10,000 by default. */
  readonly maxWaitingOperations?: number
  /** How much the waiting operations may hold; the call that brings more waits. 32 MiB by default. */
  readonly maxWaitingBytes?: number
  /** How much goes into one commit, where more is waiting. 4 MiB by default. */
  readonly maxCommitBytes?: number
}

export const DEFAULT_MAX_WAITING_OPERATIONS = 10_000
export const DEFAULT_MAX_WAITING_BYTES = 32 * 1024 * 1024
export const DEFAULT_MAX_COMMIT_BYTES = 4 * 1024 * 1024

/** Files in the data folder. */
export const DATABASE_FILE = 'headway.db'
export const LOCK_FILE = 'lock.db'
/** Who has the lock, for people; the lock itself is in `LOCK_FILE`. */
export const HOLDER_FILE = 'server.pid'
export const BLOBS_FOLDER = 'blobs'

/** What the threads are started with. */
export interface ThreadData {
  readonly folder: string
  readonly maxBytes: number | undefined
  readonly timeOffset: Float64Array<SharedArrayBuffer> | undefined
}
