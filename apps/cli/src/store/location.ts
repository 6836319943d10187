import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Stores } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { CommandError } from '../command-error.js'
import { shortPath } from '../compose.js'
import { EXIT } from '../exit-codes.js'

/** The database in a data folder. */
const DATABASE_FILE = 'headway.db'

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
  open(): Promise<Stores>
}

/** @param dataFolder what `sqlite:` alone means @throws CommandError */
export function storeLocation(text: string, dataFolder: string): StoreLocation {
  if (text.startsWith('sqlite:')) return folderLocation(resolve(text.slice('sqlite:'.length) || dataFolder))
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
