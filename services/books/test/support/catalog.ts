import { rm, writeFile } from 'node:fs/promises'
import { ingest } from '@headway/books/catalog'
import { stringify } from 'csv-stringify/sync'
import type { Facts } from './stand-in/books.mjs'

/** Adds editions to the catalog in a file, which is made where there is none. */
export async function addToCatalog(catalog: string, editions: readonly Facts[]): Promise<void> {
  const file = `${catalog}.csv`
  const rows = editions.map(({ isbn13, title, authors, publisher, pages, subjects = [] }) => ({
    title,
    authors: authors.join(' & '),
    isbn: isbn13,
    publisher,
    pages,
    tags: subjects.join(','),
  }))
  await writeFile(file, stringify(rows, { header: true }))
  const steps = ingest({ catalog, file, format: 'calibre' })
  while ((await steps.next()).done !== true);
  await rm(file)
}
