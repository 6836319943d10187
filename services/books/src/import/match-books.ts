import type { Book } from '../book.js'
import type { Catalog } from '../catalog/catalog.js'
import type { LibraryBook, RowMatch, RowOutcome } from './row.js'

/** A book found by title and author must be as sure as that, 0 to 1; else nothing is taken from it. */
const BAR = 0.8

/** What matching asks of a catalog. */
export type MatchCatalog = Pick<Catalog, 'byIsbn' | 'match'>

/**
 * Looks the books of a batch up: those with an ISBN by it, exactly; those without by title and first author. What the row says is kept; what it lacks
 * comes from the match.
 */
export function matchBooks(outcomes: readonly RowOutcome[], catalog: MatchCatalog): readonly RowOutcome[] {
  const isbns = outcomes.flatMap(({ book }) => (book === undefined || book.isbn13 === null ? [] : [book.isbn13]))
  const known = isbns.length === 0 ? new Map<string, Book>() : catalog.byIsbn(isbns)
  return outcomes.map((outcome) => {
    const { book } = outcome
    if (book === undefined) return outcome
    const found = book.isbn13 === null ? byTitle(book, catalog) : byIsbn(known.get(book.isbn13))
    return found === undefined ? outcome : { ...outcome, book: fillFromMatch(book, found.book, found.match) }
  })
}

interface Found {
  readonly book: Book
  readonly match: RowMatch
}

function byIsbn(book: Book | undefined): Found | undefined {
  return book === undefined ? undefined : { book, match: { how: 'isbn', provider: book.provider, confidence: 1 } }
}

/** What Libib's files have beside books. */
const NO_BOOK = /^(?:movie|music|video\s?game|board\s?game|game)$/i

function byTitle({ title, format = '', authors: [author] }: LibraryBook, catalog: MatchCatalog): Found | undefined {
  if (NO_BOOK.test(format)) return undefined
  const [best] = catalog.match({ title, ...(author !== undefined && { author }) }, 1)
  if (best === undefined || best.confidence < BAR) return undefined
  return { book: best.book, match: { how: 'title', provider: best.book.provider, confidence: best.confidence } }
}

/**
 * A reader's book with what it lacks taken from a match: title, authors, publisher, date, pages, language. What the reader wrote stays. One found by title is
 * another edition perhaps: only what is the same in all of them is taken.
 */
export function fillFromMatch(
  own: LibraryBook,
  { title, authors, publisher, publishedDate, pageCount, language }: Book,
  match: RowMatch,
): LibraryBook {
  const ofWork = { ...own, match, ...(own.title === '' && { title }), ...(own.authors.length === 0 && { authors }) }
  if (match.how === 'title') return ofWork
  return {
    ...ofWork,
    ...(own.publisher === undefined && publisher !== undefined && { publisher }),
    ...(own.publishedDate === undefined && publishedDate !== undefined && { publishedDate }),
    ...(own.pageCount === undefined && pageCount !== undefined && { pageCount }),
    ...(own.language === undefined && language !== undefined && { language }),
  }
}
