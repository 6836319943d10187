import type { Book } from '../../book.js'
import type { Catalog } from '../../catalog/catalog.js'
import type { Line } from '../spines/line.js'
import { readingOrder } from '../spines/reading-order.js'
import { compared } from './compared.js'
import { isMark, markStart } from './publishers.js'
import { verify } from './verify.js'
import type { Piece } from './verify.js'

/** A spine with what it says, and which book that is. */
export interface Spine {
  /** In reading order. */
  readonly lines: readonly Line[]
  /** Undefined below the bar. */
  readonly book: Book | undefined
  /** 0 to 1; 0 without a book. */
  readonly confidence: number
}

/**
 * Below this a book is not named: rather none than a wrong one. Chosen on drawn shelves with 10,000 books to choose from, so that none is wrong.
 */
const BAR = 0.66

/** Lines of one spine beyond so many are small print. */
export const MAX_SPINE_LINES = 10
const CANDIDATES = 20
/** Letters of the shortest text that is looked up. */
const SHORTEST = 2
/** So sure a match needs no second look. */
const SURE = 0.93
/** Two books as close as this can't be told apart. */
const CLOSE = 0.01

/**
 * What one photo may ask of the catalog, and how many words may be compared with books: a shelf of 50 books takes 80 questions and 12,000 words,
 * a printed page has no end of them. What is left then has no book.
 */
const MAX_QUESTIONS = 500
const MAX_COMPARED = 100_000

/** Finds the book that a group of lines names; whatever it is not sure of has no book. One for each photo. */
export class LineMatcher {
  readonly #catalog: Pick<Catalog, 'matchText'>
  readonly #goOn: () => void
  /** Groups are taken apart and put together; what was asked once is known. */
  readonly #asked = new Map<string, readonly Book[]>()
  #questions = 0
  #compared = 0

  /** @param goOn throws when nobody wants the answer any more */
  constructor(catalog: Pick<Catalog, 'matchText'>, goOn: () => void) {
    this.#catalog = catalog
    this.#goOn = goOn
  }

  /** Whether the photo has cost all that it may. */
  get isSpent(): boolean {
    return this.#questions >= MAX_QUESTIONS || this.#compared >= MAX_COMPARED
  }

  /** @param ask whether the catalog is asked for what the lines say together, not only what it knew of their parts */
  match(lines: readonly Line[], ask = true): Spine {
    this.#goOn()
    const ordered = readingOrder(lines.toSorted((a, b) => b.box.thickness - a.box.thickness).slice(0, MAX_SPINE_LINES))
    const pieces = ordered.flatMap(({ text }) => piecesOf(text))
    const telling = ordered.filter(({ text }) => !isMark(text))
    let best: { book: Book | undefined; confidence: number } = { book: undefined, confidence: 0 }
    const look = (text: string, asks: boolean): void => {
      for (const book of this.isSpent ? [] : this.#candidates(text, asks)) {
        this.#compared += pieces.length
        const confidence = verify(pieces, book)
        if (confidence > best.confidence + CLOSE) best = { book, confidence }
        else if (confidence > best.confidence - CLOSE && !isSameWork(book, best.book))
          best = { book: undefined, confidence: Math.max(confidence, best.confidence) }
      }
    }
    const texts = [(telling.length > 0 ? telling : ordered).map(({ text }) => text).join(' '), ...telling.map(({ text }) => text)]
    for (const text of new Set(texts)) {
      if (best.book === undefined || best.confidence < SURE) look(text, ask)
    }
    const { book, confidence } = best
    return book === undefined || confidence < BAR
      ? { lines: ordered, book: undefined, confidence: 0 }
      : { lines: ordered, book, confidence }
  }

  #candidates(text: string, asks: boolean): readonly Book[] {
    const known = this.#asked.get(text)
    if (known !== undefined || !asks) return known ?? []
    this.#questions += 1
    const found = compared(text).length < SHORTEST ? [] : this.#catalog.matchText(text, CANDIDATES).map(({ book }) => book)
    this.#asked.set(text, found)
    return found
  }
}

/** The words of a line; those of a publisher's mark as one. */
function piecesOf(text: string): Piece[] {
  if (isMark(text)) return [{ compared: compared(text), isMark: true }]
  return text.split(/\s+/u).flatMap((word) => {
    const whole = compared(word)
    if (isMark(word)) return whole === '' ? [] : [{ compared: whole, isMark: true }]
    const start = markStart(whole)
    const rest = start === whole.length ? [] : [{ compared: whole.slice(start), isMark: true }]
    return [{ compared: whole.slice(0, start), isMark: false }, ...rest]
  })
}

function isSameWork(a: Book, b: Book | undefined): boolean {
  return b !== undefined && compared(a.title) === compared(b.title) && compared(a.authors[0] ?? '') === compared(b.authors[0] ?? '')
}
