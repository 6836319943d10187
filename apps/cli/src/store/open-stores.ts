import { mkdir } from 'node:fs/promises'
import type { Stores } from '@headway/core'
import { lockDataFolder, openSqliteStores } from '@headway/store-sqlite'
import { postgresOptionsOf } from '../settings/postgres-options.js'
import type { Settings } from '../settings/table.js'

/**
 * Opens the stores that the settings name. The data folder is this process's alone until they are closed, also where the store is elsewhere: caches
 * and files of a node's own are in it.
 *
 * @param onNotice told of what an operator should know
 * @throws StoreError `locked` when another node has the data folder; `unavailable` when the database can't be reached or used
 */
export async function openStores(settings: Settings, dataFolder: string, onNotice: (message: string) => void): Promise<Stores> {
  const options = postgresOptionsOf(settings)
  if (options === undefined) return openSqliteStores({ folder: dataFolder })
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const unlock = lockDataFolder(dataFolder)
  try {
    // The driver is loaded where it is needed: most nodes are the only one.
    const { openPostgresStores } = await import('@headway/store-postgres')
    const stores = await openPostgresStores({ ...options, onNotice })
    let closing: Promise<void> | undefined
    return { ...stores, close: () => (closing ??= stores.close().finally(unlock)) }
  } catch (error) {
    unlock()
    throw error
  }
}
