import { FirstRows } from './first-rows.js'
import type { LibraryBook } from './row.js'
import { TitleKey } from './title-key.js'

const DIGIT_0 = 48

/** Finds rows whose book an earlier row has: by ISBN-13, or where a row has none by title and first author. Keeps numbers, no texts. */
export class Duplicates {
  readonly #byIsbn: FirstRows
  readonly #byTitle: FirstRows
  readonly #key = new TitleKey()

  /** @param rows so many are expected */
  constructor(rows: number) {
    this.#byIsbn = new FirstRows(rows)
    this.#byTitle = new FirstRows(rows)
  }

  /** The earlier row with the same book. Where there is none, this one is remembered. */
  earlier({ isbn13, title, authors, row }: Pick<LibraryBook, 'isbn13' | 'title' | 'authors' | 'row'>): number | undefined {
    if (isbn13 !== null) {
      // The check digit follows from the others.
      const before = this.#byIsbn.firstWith(numberIn(isbn13, 3, 12), numberIn(isbn13, 0, 3), row)
      if (before !== row) return before
    }
    if (title === '') return undefined
    this.#key.set(title, authors[0] ?? '')
    const before = this.#byTitle.firstWith(this.#key.a, this.#key.b, row)
    return isbn13 === null && before !== row ? before : undefined
  }
}

/** The number that the digits from one place to before another make. */
function numberIn(digits: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + digits.charCodeAt(at) - DIGIT_0
  return number
}
