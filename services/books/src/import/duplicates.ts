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

const AMPERSAND = 0x26

/**
 * 53 bits of the letters and digits of a title and a name, whatever their case and accents: of a million files with 100,000 rows, one has two rows that
 * meet without being alike.
 */
function hashOf(title: string, author: string): number {
  // Where the title ends is part of it.
  const text = `${lettersOf(title)}\0${lettersOf(author)}`
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // Capitals are made small, all other punctuation is left out; nothing else was folded.
    const letter = code >= 0x41 && code <= 0x5a ? code + 0x20 : code
    if (letter < 0x80 && letter !== 0 && !isLetter(letter)) continue
    a = Math.imul(a ^ letter, 0x01000193)
    b = Math.imul(b ^ letter, 0x85ebca6b)
    b ^= b >>> 13
  }
  return (a >>> 0) * 0x200000 + (b & 0x1fffff)
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
}

/** Most texts need no folding: of ASCII, only `&` is read as a word. */
function lettersOf(text: string): string {
  let hasLetters = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f || code === AMPERSAND) return fold(text) || asHex(text)
    hasLetters ||= isLetter(code | 0x20)
  }
  return hasLetters || text === '' ? text : asHex(text)
}

/** A title of punctuation only is compared as it is. */
function asHex(text: string): string {
  return Buffer.from(text).toString('hex')
}
