import type { LibraryBook } from './row.js'
import { TitleRows } from './title-rows.js'

/** Finds rows whose book an earlier row has: by ISBN-13, or where a row has none by title and first author. Keeps some 100 bytes for a row. */
export class Duplicates {
  readonly #byIsbn = new Map<string, number>()
  readonly #byTitle = new TitleRows()

  /** The earlier row with the same book. Where there is none, this one is remembered. */
  earlier({ isbn13, title, authors, row }: Pick<LibraryBook, 'isbn13' | 'title' | 'authors' | 'row'>): number | undefined {
    if (isbn13 !== null) {
      const before = this.#byIsbn.get(isbn13)
      if (before !== undefined) return before
      this.#byIsbn.set(isbn13, row)
    }
    if (title === '') return undefined
    const before = this.#byTitle.firstWith(title, authors[0] ?? '', row)
    return isbn13 === null && before !== row ? before : undefined
  }
}
