import type { BookItem } from '../model/books.js'

const COLUMNS = ['title', 'authors', 'isbn', 'publisher', 'published', 'outcome', 'confidence'] as const

/** A cell that a spreadsheet would take for a formula begins with one of these, of full width, too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** Books as CSV (RFC 4180), in UTF-8 with its mark for spreadsheets. What would be a formula there is quoted. */
export function booksAsCsv(books: readonly BookItem[]): string {
  const rows = books.map((book) => COLUMNS.map((column) => (column === 'authors' ? book.authors.join('; ') : String(book[column] ?? ''))))
  return `\ufeff${[COLUMNS, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Books as a JSON list. */
export function booksAsJson(books: readonly BookItem[]): string {
  return `${JSON.stringify(
    books.map(({ seq: _seq, at: _at, box: _box, ...book }) => book),
    null,
    2,
  )}\n`
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
