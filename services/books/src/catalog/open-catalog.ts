import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openDatabase } from '@headway/sqlite'
import type { Database } from '@headway/sqlite'
import type { Book } from '../book.js'
import { Matcher } from './ask/match.js'
import { TextMatcher } from './ask/match-text.js'
import { bookOf, COLUMNS } from './ask/rows.js'
import type { EditionRow } from './ask/rows.js'
import { TextSearch } from './ask/search.js'
import { SimilarSearch } from './ask/similar.js'
import { WeeklyChoice } from './ask/weekly.js'
import type { Catalog } from './catalog.js'
import { CatalogError } from './errors.js'
import { isMigrated, migrate } from './schema.js'
import { addStarter } from './write/starter.js'

export interface OpenCatalogOptions {
  /** The file must be there, and nothing is ever written. False by default: what is missing is made. */
  readonly readOnly?: boolean
  /** Whether a catalog without any edition gets those that ship with Headway. True by default. */
  readonly starter?: boolean
}

/** Candidates of a match where nobody says how many. */
const CANDIDATES = 5

/**
 * Opens the catalog in that file; a new one is made and filled with the books that ship with Headway. Any number of threads and processes may
 * have it open, also while one of them takes in a dump.
 *
 * @param path of the file; `:memory:` for one of its own
 * @throws CatalogError CATALOG_UNREADABLE, CATALOG_VERSION
 */
export function openCatalog(path: string, options: OpenCatalogOptions = {}): Catalog {
  const db = openCatalogDatabase(path, options)
  const byIsbn = db.prepareTuples<EditionRow>(`select ${COLUMNS} from editions e where e.isbn13 = ?`)
  const count = db.prepareTuples<readonly [number]>('select count(*) from editions')
  const matcher = new Matcher(db)
  const textMatcher = new TextMatcher(db)
  const search = new TextSearch(db)
  const similar = new SimilarSearch(db)
  const weekly = new WeeklyChoice(db)
  return {
    byIsbn(isbns) {
      const books = new Map<string, Book>()
      for (const isbn of isbns) {
        const row = byIsbn.get(isbn)
        if (row !== undefined) books.set(isbn, bookOf(row))
      }
      return books
    },
    match: (query, limit = CANDIDATES) => matcher.match(query, limit),
    matchText: (text, limit = CANDIDATES) => textMatcher.match(text, limit),
    search: (query) => search.search(query),
    similar: (query) => similar.similar(query),
    weekly: (week, limit) => weekly.weekly(week, limit),
    count: () => count.get()?.[0] ?? 0,
    close: () => db.close(),
  }
}

/**
 * The database of a catalog, for what writes into it.
 *
 * @throws CatalogError CATALOG_UNREADABLE, CATALOG_VERSION
 */
export function openCatalogDatabase(path: string, { readOnly = false, starter = true }: OpenCatalogOptions): Database {
  let db: Database | undefined
  try {
    if (!readOnly && path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    db = openDatabase(path, { readOnly })
    // 16 MiB of pages for each connection; the rest is the system's cache.
    db.exec('pragma cache_size = -16384; pragma mmap_size = 268435456')
    if (readOnly) requireTables(db)
    else prepareTables(db, starter)
    return db
  } catch (error) {
    db?.close()
    if (error instanceof CatalogError) throw error
    throw new CatalogError(
      'CATALOG_UNREADABLE',
      `The catalog ${path} can't be opened: ${error instanceof Error ? error.message : String(error)}.`,
      {
        cause: error,
      },
    )
  }
}

function requireTables(db: Database): void {
  if (!isMigrated(db)) throw new Error('there is no catalog in this file')
}

function prepareTables(db: Database, starter: boolean): void {
  // What is committed and then lost with the power is taken in again: an ingest goes on from its own record in the same file.
  db.exec('pragma journal_mode = wal; pragma synchronous = normal')
  if (isMigrated(db) && (!starter || hasEditions(db))) return
  // Several threads open a new catalog at the same time: one makes it, the others wait.
  db.exec('begin immediate')
  try {
    migrate(db)
    if (starter && !hasEditions(db)) addStarter(db)
    db.exec('commit')
  } catch (error) {
    db.exec('rollback')
    throw error
  }
}

function hasEditions(db: Database): boolean {
  return db.prepareTuples<readonly [number]>('select 1 from editions limit 1').get() !== undefined
}
