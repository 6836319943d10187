import { existsSync } from 'node:fs'
import { CommandError } from '../command-error.js'
import type { SearchFlags } from '../commands/catalog.js'
import { EXIT } from '../exit-codes.js'
import { cleanLine } from '../text/clean.js'
import { count } from '../text/count.js'
import { plainTable } from '../text/table.js'
import { catalogPath } from './catalog-path.js'

const MAX_LIMIT = 1000

const COLUMNS = [
  { head: 'ISBN', align: 'left' },
  { head: 'TITLE', align: 'left' },
  { head: 'AUTHORS', align: 'left' },
  { head: 'YEAR', align: 'left' },
] as const

/** `headway catalog search`. @throws CommandError, SettingsError */
export async function searchCatalog(text: string, flags: SearchFlags): Promise<void> {
  const limit = Number(flags.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new CommandError(`--limit is "${flags.limit}"; it must be a whole number from 1 to ${MAX_LIMIT}.`, EXIT.usage)
  }
  const path = await catalogPath(flags)
  const { openCatalog, CatalogError } = await import('@headway/books/catalog')
  try {
    // Looking makes no file: before there is one, there are the books that ship.
    const catalog = existsSync(path) ? openCatalog(path, { readOnly: true }) : openCatalog(':memory:')
    const { books, total } = catalog.search({ text, page: 1, limit })
    catalog.close()
    const rows = books.map(({ isbn, title, subtitle, authors, publishedDate = '' }) =>
      [isbn, subtitle === undefined ? title : `${title}: ${subtitle}`, authors.join(', '), publishedDate.slice(0, 4)].map(cleanLine),
    )
    if (rows.length > 0) process.stdout.write(`${plainTable(COLUMNS, rows)}\n`)
    if (total > rows.length || total === 0) process.stderr.write(`${count(rows.length)} of ${count(total)} books\n`)
  } catch (error) {
    if (error instanceof CatalogError) throw new CommandError(`${cleanLine(error.message)} (${error.code})`, EXIT.failed)
    throw error
  }
}
