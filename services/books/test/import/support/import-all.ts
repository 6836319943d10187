import { readFileSync } from 'node:fs'
import { addCounts, inspectLibrary, NO_COUNTS, readLibrary } from '@headway/books/import'
import type { ImportCounts, InspectedLibrary, InspectOptions, LibraryBook, ReadOptions, RowError, RowOutcome } from '@headway/books/import'

export interface Imported {
  readonly library: InspectedLibrary
  readonly outcomes: readonly RowOutcome[]
  readonly books: readonly LibraryBook[]
  readonly errors: readonly RowError[]
  readonly counts: ImportCounts
}

/** Imports a whole file. A text is UTF-8. */
export async function importAll(content: string | Uint8Array, options: InspectOptions & ReadOptions = {}): Promise<Imported> {
  const source = typeof content === 'string' ? Buffer.from(content) : content
  const library = await inspectLibrary(source, options)
  const outcomes: RowOutcome[] = []
  let counts = NO_COUNTS
  for await (const batch of readLibrary(source, library, options)) {
    outcomes.push(...batch)
    counts = addCounts(counts, batch)
  }
  return { library, outcomes, counts, books: outcomes.flatMap(({ book }) => book ?? []), errors: outcomes.flatMap(({ errors }) => errors) }
}

/** One book of a file with a header and one row. */
export async function importOne(header: string, row: string): Promise<LibraryBook> {
  const { books } = await importAll(`${header}\n${row}\n`)
  if (books.length !== 1 || books[0] === undefined) throw new Error(`There are ${books.length} books.`)
  return books[0]
}

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url))
}
