import { fold } from '../catalog/fold.js'
import type { LibraryBook } from './row.js'

/**
 * Finds rows whose book an earlier row has: by ISBN-13, or where a row has none by title and first author. Keeps two numbers for a row, no texts.
 */
export class Duplicates {
  readonly #byIsbn = new Map<number, number>()
  readonly #byTitle = new Map<number, number>()

  /** The earlier row with the same book. Where there is none, this one is remembered. */
  earlier({ isbn13, title, authors, row }: Pick<LibraryBook, 'isbn13' | 'title' | 'authors' | 'row'>): number | undefined {
    const isbn = isbn13 === null ? undefined : Number(isbn13)
    const named = title === '' ? undefined : hashOf(title, authors[0] ?? '')
    const before = isbn !== undefined ? this.#byIsbn.get(isbn) : named !== undefined ? this.#byTitle.get(named) : undefined
    if (before !== undefined) return before
    if (isbn !== undefined) this.#byIsbn.set(isbn, row)
    if (named !== undefined && !this.#byTitle.has(named)) this.#byTitle.set(named, row)
    return undefined
  }
}

/** 53 bits of a title and a name, whatever their case and accents: of a million files with 100,000 rows, one has two that meet without being alike. */
function hashOf(title: string, author: string): number {
  const text = `${keyOf(title)}\0${keyOf(author)}`
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
    b ^= b >>> 13
  }
  return (a >>> 0) * 0x200000 + (b & 0x1fffff)
}

/** A title of punctuation only is compared as it is. */
function keyOf(text: string): string {
  return fold(text) || text
}
