import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@headway/sqlite'
import { StoreFailure, isBusy } from '../errors.js'
import { HOLDER_FILE, LOCK_FILE } from '../options.js'

/**
 * Locks a data folder for this process. The lock is SQLite's own, on an empty database beside the real one, so the
 * kernel lets go of it however the process ends. (Nothing may read that file in any other way: on POSIX systems, closing
 * any descriptor of it would drop the lock.)
 *
 * @returns lets go of the lock
 * @throws StoreFailure `locked`
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE)
  const db = openDatabase(path, { timeoutMs: 0 })
  try {
    // Nothing is ever written, so nothing is kept to be undone.
    db.exec('pragma journal_mode = memory; begin exclusive')
    chmodSync(path, 0o600)
  } catch (error) {
    db.close()
    if (!isBusy(error)) throw error
    const holder = readHolder(folder)
    throw new StoreFailure(
      'locked',
      `The data folder ${folder} is in use by another server${holder === undefined ? '' : ` (process ${holder})`}. Stop that one, or choose another folder.`,
    )
  }
  writeFileSync(join(folder, HOLDER_FILE), `${process.pid}\n`, { mode: 0o600 })
  return () => db.close()
}

function readHolder(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, HOLDER_FILE), 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
