import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Stores } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { CommandError } from '../command-error.js'
import { shortPath } from '../compose.js'
import { EXIT } from '../exit-codes.js'
import { postgresOptionsOf } from '../settings/postgres-options.js'
import { isPostgresUrl, withoutPassword } from '../settings/store-url.js'
import type { Settings } from '../settings/table.js'

/** The database in a data folder. */
const DATABASE_FILE = 'headway.db'

const DEFAULT_PORT = '5432'

/** Where a store is, as a command line says it. */
export interface StoreLocation {
  /** For people: without a password. */
  readonly name: string
  /** The same for the same store. */
  readonly identity: string
  /** Whether something is there to be copied, as far as that shows before it is opened. */
  readonly exists: boolean
  /** A sentence. */
  readonly howToEmpty: string
  /** @param use what is to be copied is not made where there is none */
  open(use: 'source' | 'target'): Promise<Stores>
}

/** @param settings of PostgreSQL, and which data folder `sqlite:` alone means @throws CommandError */
export function storeLocation(text: string, settings: Settings): StoreLocation {
  if (text.startsWith('sqlite:')) return folderLocation(resolve(text.slice('sqlite:'.length) || settings.data))
  if (isPostgresUrl(text)) return postgresLocation(text, settings)
  throw new CommandError('A store is sqlite:FOLDER or postgres://USER@HOST/DATABASE.', EXIT.usage)
}

function folderLocation(folder: string): StoreLocation {
  const real = existsSync(folder) ? realpathSync(folder) : folder
  return {
    name: `sqlite:${shortPath(folder)}`,
    identity: `sqlite:${real}`,
    exists: existsSync(join(folder, DATABASE_FILE)),
    howToEmpty: 'Give a folder that is not there yet.',
    open: () => openSqliteStores({ folder }),
  }
}

function postgresLocation(text: string, settings: Settings): StoreLocation {
  const { hostname, port, pathname } = new URL(text)
  const { storeSchema } = settings
  return {
    name: withoutPassword(text),
    identity: `postgres:${hostname}:${port || DEFAULT_PORT}${pathname}:${storeSchema}`,
    exists: true,
    howToEmpty: `To empty it: drop schema "${storeSchema}" cascade; or give another with --store-schema.`,
    async open(use) {
      const options = postgresOptionsOf({ ...settings, store: text })
      if (options === undefined) throw new Error('It is no URL of PostgreSQL.')
      const { openPostgresStores } = await import('@headway/store-postgres')
      const onNotice = (message: string): void => void process.stderr.write(`headway: ${message}\n`)
      return openPostgresStores({ ...options, ...(use === 'source' && { migrate: false }), onNotice })
    },
  }
}
