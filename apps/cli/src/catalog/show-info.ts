import { existsSync, statSync } from 'node:fs'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { shortBytes } from '../text/bytes.js'
import { cleanLine } from '../text/clean.js'
import { count } from '../text/count.js'
import { plainTable } from '../text/table.js'
import { catalogPath } from './catalog-path.js'

const COLUMNS = [
  { head: 'FILE', align: 'left' },
  { head: 'FORMAT', align: 'left' },
  { head: 'RECORDS', align: 'right' },
  { head: 'ADDED', align: 'right' },
  { head: 'UPDATED', align: 'right' },
  { head: 'MALFORMED', align: 'right' },
  { head: 'FINISHED', align: 'left' },
] as const

/** `headway catalog info`. @throws CommandError, SettingsError */
export async function showInfo(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const path = await catalogPath(flags)
  if (!existsSync(path)) {
    process.stdout.write(
      `${path} is not made yet: until then there are the books that ship, which "headway catalog search" finds, too. A server with this data folder makes it with the first book that it looks up, "headway catalog ingest" with its first file.\n`,
    )
    return
  }
  const { catalogInfo, CatalogError } = await import('@headway/books/catalog')
  try {
    const { editions, withIsbn, files } = catalogInfo(path)
    const rows = files.map(({ file, format, records, added, updated, malformed, finishedAt = 'not yet' }) => [
      cleanLine(file),
      format,
      ...[records, added, updated, malformed].map(count),
      finishedAt,
    ])
    process.stdout.write(`${path} (${shortBytes(statSync(path).size)}): ${count(editions)} editions, ${count(withIsbn)} with an ISBN\n`)
    if (rows.length > 0) process.stdout.write(`\n${plainTable(COLUMNS, rows)}\n`)
  } catch (error) {
    if (error instanceof CatalogError) throw new CommandError(`${cleanLine(error.message)} (${error.code})`, EXIT.failed)
    throw error
  }
}
