import { storeErrorOf } from './client/store-error.js'
import { wireErrorOf } from './errors.js'
import { lockFolder } from './writer/lock.js'

/**
 * Makes a data folder this process's alone, as `openSqliteStores` does, for a node whose store is elsewhere.
 *
 * @returns lets go of it
 * @throws StoreError `locked` when another server has it
 */
export function lockDataFolder(folder: string): () => void {
  try {
    return lockFolder(folder)
  } catch (error) {
    throw storeErrorOf(wireErrorOf(error))
  }
}
