import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

const STARTER = new URL('../../../services/books/data/starter-catalog.csv', import.meta.url)

/** The books of the catalog that ships with Headway. */
export function starterBooks() {
  return parse(readFileSync(STARTER), { columns: true, bom: true }).map(({ title, authors }) => ({
    title,
    author: authors.split(';')[0].trim(),
  }))
}

/** Books that nobody has written. */
export const STRANGERS = [
  { title: 'The Clockmaker of Hollow Street', author: 'Wilhelmina Drake' },
  { title: 'Salt Roads North', author: 'Ibrahim Okonjo' },
  { title: 'A Garden for Mechanical Birds', author: 'Tess Albright' },
]
