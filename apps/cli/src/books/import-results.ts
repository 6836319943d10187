import type { TableColumn } from '@headway/books/import'
import { z } from 'zod'
import type { Colors } from '../text/colors.js'
import { cleanLine } from '../text/clean.js'
import { count } from '../text/count.js'

const number = z.number()
const text = z.string().nullish()

const bookSchema = z.object({
  row: number,
  isbn13: z.string().nullable(),
  title: z.string(),
  authors: z.array(z.string()),
  contributors: z.array(z.object({ name: z.string(), role: z.string() })).nullish(),
  rating: number.nullable(),
  dateRead: text,
  dateStarted: text,
  dateAdded: text,
  shelf: text,
  tags: z.array(z.string()),
  review: text,
  notes: text,
  readCount: number.nullish(),
  format: text,
  publisher: text,
  publishedDate: text,
  pageCount: number.nullish(),
  language: text,
  series: text,
  match: z.object({ how: z.enum(['isbn', 'title', 'none']), provider: text, confidence: number }),
})

/** What an import gave, as far as it is shown or written as a table. */
export const importResultsSchema = z.object({
  data: z.object({
    results: z.array(bookSchema.loose()),
    errors: z.array(z.object({ row: number, code: z.string(), message: z.string() }).loose()),
    counts: z.object({ rows: number, imported: number, duplicates: number, failed: number, blank: number }),
  }),
})
export type ImportResults = z.output<typeof importResultsSchema>['data']

type BookShown = z.output<typeof bookSchema>

/** What stands in each column of a CSV file. */
const COLUMNS: Readonly<Record<TableColumn, (book: BookShown) => string | number | null | undefined>> = {
  Title: ({ title }) => title,
  Author: ({ authors }) => authors.join('; '),
  Translators: (book) => withRole(book, 'translator'),
  Narrators: (book) => withRole(book, 'narrator'),
  Illustrators: (book) => withRole(book, 'illustrator'),
  Editors: (book) => withRole(book, 'editor'),
  Contributors: (book) => withRole(book, 'contributor'),
  ISBN13: ({ isbn13 }) => isbn13,
  'My Rating': ({ rating }) => rating,
  'Date Read': ({ dateRead }) => dateRead,
  'Date Started': ({ dateStarted }) => dateStarted,
  'Date Added': ({ dateAdded }) => dateAdded,
  Shelf: ({ shelf }) => shelf,
  Tags: ({ tags }) => tags.join(', '),
  'My Review': ({ review }) => review,
  Notes: ({ notes }) => notes,
  'Read Count': ({ readCount }) => readCount,
  Format: ({ format }) => format,
  Publisher: ({ publisher }) => publisher,
  Published: ({ publishedDate }) => publishedDate,
  Pages: ({ pageCount }) => pageCount,
  Language: ({ language }) => language,
  Series: ({ series }) => series,
}

function withRole({ contributors }: BookShown, role: string): string {
  const people = contributors?.filter((person) => person.role === role) ?? []
  return people.map(({ name }) => name).join('; ')
}

/** The books as a table: its header and its records. */
export function importedTable({ results }: ImportResults): { readonly header: string[]; readonly records: string[][] } {
  return {
    header: Object.keys(COLUMNS),
    records: results.map((book) => Object.values(COLUMNS).map((value) => String(value(book) ?? ''))),
  }
}

/** What became of the rows, for people. */
export function importSummary({ results, errors, counts }: ImportResults, colors: Colors): string {
  const { rows, imported, duplicates, failed, blank } = counts
  if (rows === 0) return 'The file has no rows.'
  const parts = [
    colors.green(`${count(imported)} imported`),
    `${count(duplicates)} duplicate${duplicates === 1 ? '' : 's'}`,
    failed === 0 ? '0 failed' : colors.red(`${count(failed)} failed`),
    ...(blank === 0 ? [] : [`${count(blank)} blank`]),
  ]
  const known = results.filter(({ match }) => match.how !== 'none').length
  const lines = [
    `${count(rows)} row${rows === 1 ? '' : 's'}: ${parts.join(', ')}`,
    `${count(known)} of the ${count(imported)} books were found`,
  ]
  const troubles = new Map<string, number>()
  for (const { code } of errors) troubles.set(code, (troubles.get(code) ?? 0) + 1)
  // Duplicates have been counted.
  troubles.delete('duplicate')
  if (troubles.size > 0) lines.push(`Troubles: ${[...troubles].map(([code, times]) => `${cleanLine(code)} ${count(times)}`).join(', ')}`)
  return lines.join('\n')
}
