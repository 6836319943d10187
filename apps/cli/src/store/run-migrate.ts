import { resolve } from 'node:path'
import { openSqliteStores } from '@headway/store-sqlite'
import { loadSettings } from '../settings/load.js'
import { postgresOptionsOf } from '../settings/postgres-options.js'

/** `headway migrate`. @returns what was done, as a line @throws SettingsError, StoreError */
export async function runMigrate(flags: Readonly<Record<string, unknown>>): Promise<string> {
  const { settings } = await loadSettings(flags)
  const options = postgresOptionsOf(settings)
  if (options === undefined) {
    // Opening is all that it takes.
    const stores = await openSqliteStores({ folder: resolve(settings.data) })
    await stores.close()
    return 'The database in the data folder is up to date.\n'
  }
  const { migratePostgres } = await import('@headway/store-postgres')
  const { version, steps } = await migratePostgres(options)
  return steps.length === 0
    ? `Schema "${settings.storeSchema}" is up to date: version ${version}.\n`
    : `Schema "${settings.storeSchema}" was brought to version ${version}.\n`
}
