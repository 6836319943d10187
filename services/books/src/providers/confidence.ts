import { authorScore } from '../catalog/ask/author-score.js'
import { titleScore } from '../catalog/ask/title-score.js'
import type { TitleQuery } from '../catalog/catalog.js'
import { compareTitle } from '../catalog/title.js'
import type { Book, Candidate } from '../book.js'

/** The title counts for so much, the author for the rest. */
const TITLE_SHARE = 0.7
/** Nobody said who wrote it: there may be others of that title. */
const WITHOUT_AUTHOR = 0.9

/** How sure it is that a book is the one that is asked for by title and author, 0 to 1. Measured as the catalog does it. */
export function confidenceOf(query: TitleQuery, book: Book): number {
  const title = titleScore(compareTitle(query.title), compareTitle(book.title, book.subtitle))
  const author = query.author?.trim() ?? ''
  if (author === '') return rounded(WITHOUT_AUTHOR * title)
  return rounded(TITLE_SHARE * title + (1 - TITLE_SHARE) * authorScore(author, book.authors))
}

/** Books as candidates for a title, best first. */
export function rankedCandidates(query: TitleQuery, books: readonly Book[]): Candidate[] {
  return books
    .map((book) => ({ book, confidence: confidenceOf(query, book) }))
    .toSorted((a, b) => b.confidence - a.confidence || b.book.quality - a.book.quality)
}

function rounded(confidence: number): number {
  return Math.round(confidence * 1000) / 1000
}
