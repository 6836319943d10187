import { sureness } from '../catalog/ask/sureness.js'
import { titleScore } from '../catalog/ask/title-score.js'
import type { TitleQuery } from '../catalog/catalog.js'
import { compareTitle } from '../catalog/title.js'
import type { Book, Candidate } from '../book.js'

/** How sure another edition than the one that was asked for is. */
export const OTHER_EDITION = 0.5

/** How sure it is that a book is the one that is asked for by title and author, 0 to 1. Measured as the catalog does it. */
export function confidenceOf(query: TitleQuery, book: Book): number {
  const wanted = compareTitle(query.title)
  const titleFit = titleScore(wanted, compareTitle(book.title, book.subtitle))
  return Math.round(titleFit * sureness(wanted, query.author, book.authors) * 1000) / 1000
}

/** Books as candidates for a title, best first. */
export function rankedCandidates(query: TitleQuery, books: readonly Book[]): Candidate[] {
  return books
    .map((book) => ({ book, confidence: confidenceOf(query, book) }))
    .toSorted((a, b) => b.confidence - a.confidence || b.book.quality - a.book.quality)
}
