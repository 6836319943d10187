import { plainName } from './fields.js'

export const LIBRARY_FORMATS = ['goodreads', 'storygraph', 'librarything', 'calibre', 'libib', 'csv'] as const

/** Who wrote a file. `csv` is anything else. */
export type LibraryFormat = (typeof LIBRARY_FORMATS)[number]

/** Names that only the exports of that place have together, in all their generations. */
const SIGNATURES: readonly (readonly [LibraryFormat, readonly string[]])[] = [
  ['goodreads', ['book id', 'title', 'exclusive shelf']],
  ['goodreads', ['title', 'author l f', 'my rating']],
  ['storygraph', ['title', 'read status', 'star rating']],
  ['librarything', ['title', 'primary author', 'collections']],
  ['librarything', ['title', 'primary author', 'work id']],
  ['libib', ['title', 'ean isbn13']],
  ['libib', ['title', 'creators', 'began', 'completed']],
  ['calibre', ['title', 'author sort']],
  ['calibre', ['title', 'authors', 'uuid']],
]

export function formatOf(header: readonly string[]): LibraryFormat {
  const names = new Set(header.map(plainName))
  return SIGNATURES.find(([, needed]) => needed.every((name) => names.has(name)))?.[0] ?? 'csv'
}
