import { findIsbn } from '../values/isbn.js'
import type { Columns, Field } from './fields.js'
import { FIELD_NAMES, FIELDS, plainName } from './fields.js'
import type { LibraryFormat } from './format.js'

/** Of the filled fields of a column, so many must be valid ISBNs for it to be one of ISBNs. */
const ISBNS_AT_LEAST = 0.6

/** What a name means elsewhere and not here. */
const NOT_HERE: Partial<Record<LibraryFormat, Partial<Record<Field, readonly string[]>>>> = {
  goodreads: { title: ['name'] },
  librarything: { isbn13: ['barcode', 'isbns'], dateAdded: ['acquired'], pageCount: ['length'] },
  // What a publisher says of the book.
  calibre: { notes: ['comments'] },
  csv: { isbn13: ['barcode'] },
}
/** What a name means only here. */
const ONLY_HERE: readonly (readonly [LibraryFormat, Field, string])[] = [
  ['librarything', 'publishedDate', 'date'],
  ['libib', 'pageCount', 'length'],
]

/** Which columns are known by their names. The likeliest name of a field wins, then the first column. */
export function columnsByName(header: readonly string[], format: LibraryFormat): Columns {
  const names = header.map(plainName)
  const columns: Partial<Record<Field, number>> = {}
  const taken = new Set<number>()
  for (const field of FIELDS) {
    for (const name of FIELD_NAMES[field]) {
      if (NOT_HERE[format]?.[field]?.includes(name) === true) continue
      if (ONLY_HERE.some(([only, of, what]) => of === field && what === name && only !== format)) continue
      const index = names.findIndex((other, at) => other === name && !taken.has(at))
      if (index === -1) continue
      columns[field] = index
      taken.add(index)
      break
    }
  }
  return columns
}

/** The column that holds ISBNs by what is in it, whatever its name. */
export function isbnColumn(samples: readonly (readonly string[])[], width: number): number | undefined {
  for (let column = 0; column < width; column++) {
    const values = samples.map((fields) => fields[column]?.trim() ?? '').filter((value) => value !== '')
    const isbns = values.filter((value) => findIsbn(value).isbn13 !== undefined)
    if (isbns.length > 0 && isbns.length >= values.length * ISBNS_AT_LEAST) return column
  }
  return undefined
}

/** Columns of a file without a header: the one with ISBNs, then the first two with words are title and authors. */
export function columnsByContent(samples: readonly (readonly string[])[], width: number): Columns | undefined {
  const isbn13 = isbnColumn(samples, width)
  if (isbn13 === undefined) return undefined
  const words = Array.from({ length: width }, (_, column) => column).filter(
    (column) => column !== isbn13 && samples.some((fields) => /\p{L}{2}/u.test(fields[column] ?? '')),
  )
  const [title, authors] = words
  return { isbn13, ...(title !== undefined && { title }), ...(authors !== undefined && { authors }) }
}
