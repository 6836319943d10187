import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@headway/sqlite'
import type { Database } from '@headway/sqlite'
import { DATABASE_FILE } from '../options.js'
import type { ThreadData } from '../options.js'
import { migrate } from '../schema/migrate.js'

/** How far the write-ahead log grows before it is copied into the database. In pages. */
const CHECKPOINT_PAGES = 4_000

/** Kept in memory of the database, in KiB. */
const CACHE_KIB = 16 * 1024

/** Opens the database for writing and brings it up to date. The caller holds the lock of the folder. */
export function openForWriting({ folder, maxBytes }: ThreadData, now: number): Database {
  const path = join(folder, DATABASE_FILE)
  const db = openDatabase(path)
  try {
    // The files of the write-ahead log get the mode of the database.
    db.exec('pragma user_version')
    chmodSync(path, 0o600)
    db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
      pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory`)
    migrate(db, now)
    if (maxBytes !== undefined) limitSize(db, maxBytes)
    // Whoever held a lease is dead: this process has the folder now.
    db.exec('update jobs set lease_expires = 0 where lease_worker is not null')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function limitSize(db: Database, maxBytes: number): void {
  const pageSize = db.prepare<{ page_size: number }>('pragma page_size').get()?.page_size ?? 4096
  db.exec(`pragma max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`)
}
