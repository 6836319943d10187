import { HeadwayError } from '@headway/core'
import type { Book } from './book.js'
import type { SearchPage, SearchQuery } from './catalog/catalog.js'
import { isbn13Of } from './isbn.js'
import type { Lazy } from './lazy.js'
import type { Library } from './library.js'
import { rankByMeaning } from './providers/embeddings/rank-by-meaning.js'

export const SEARCH_MODES = ['text', 'semantic', 'similar'] as const
export type SearchMode = (typeof SEARCH_MODES)[number]

/** A book with the numbers that stand for its meaning. */
export type BookWithEmbedding = Book & { readonly embedding?: readonly number[] }

/** Looks books up for somebody who waits. */
export class BookLookup {
  readonly #library: Lazy<Library>
  readonly hasEmbeddings: boolean

  /** @param hasEmbeddings whether the library will have them: said before it is open */
  constructor(library: Lazy<Library>, hasEmbeddings: boolean) {
    this.#library = library
    this.hasEmbeddings = hasEmbeddings
  }

  /**
   * The edition with an ISBN-13.
   *
   * @throws HeadwayError NOT_FOUND; API_ERROR or CIRCUIT_OPEN when those who might know it did not answer
   */
  async byIsbn(isbn: string, signal: AbortSignal): Promise<{ readonly book: Book; readonly cached: boolean }> {
    const { enricher } = await this.#library.get()
    const { found, book, error, cached } = await enricher.lookUp({ isbn }, { signal })
    if (found && book !== undefined) return { book, cached }
    if (error !== undefined) throw unanswered(error)
    throw new HeadwayError('NOT_FOUND', `Nobody knows a book with the ISBN ${isbn}.`)
  }

  /** A page of books. By meaning only where there are embeddings; else by words. */
  async search(mode: SearchMode, query: SearchQuery, signal: AbortSignal): Promise<SearchPage> {
    const { catalog, embeddings } = await this.#library.get()
    if (mode === 'similar') return catalog.similar(query, signal)
    const page = await catalog.search(query, signal)
    if (mode === 'text' || embeddings === undefined) return page
    const ranked = await rankByMeaning(embeddings, query.text, page.books, signal)
    return { books: ranked.map(({ book }) => book), total: page.total }
  }

  /** Those of these editions that somebody knows, in the order asked. ISBNs that are none are left out. */
  async enrich(isbns: readonly string[], includeEmbedding: boolean, signal: AbortSignal): Promise<readonly BookWithEmbedding[]> {
    const { enricher, embeddings } = await this.#library.get()
    const valid = isbns.flatMap((text) => isbn13Of(text) ?? [])
    const found = new Map<number, Book>()
    const queries = valid.map((isbn) => ({ isbn }))
    for await (const { index, book, found: isFound } of enricher.enrich(queries, { signal })) {
      if (isFound && book !== undefined) found.set(index, book)
    }
    const books = queries.flatMap((_, index) => found.get(index) ?? [])
    if (!includeEmbedding || embeddings === undefined || books.length === 0) return books
    const vectors = await embeddings.embed(books.map(textOf), signal)
    return books.map((book, index) => ({ ...book, embedding: vectors[index] ?? [] }))
  }

  /** Books for a week, with a reason each. */
  async weekly(week: number, limit: number): ReturnType<Library['catalog']['weekly']> {
    return (await this.#library.get()).catalog.weekly(week, limit)
  }

  /** Forgets what is kept of an edition, and fetches it afresh. Whether somebody knows it. */
  async refresh(isbn: string, signal: AbortSignal): Promise<boolean> {
    const { enricher } = await this.#library.get()
    return (await enricher.invalidate(isbn, { signal })).found
  }
}

function textOf({ title, authors, description = '' }: Book): string {
  return `${title}. ${authors.join(', ')}. ${description}`
}

function unanswered({
  code,
  message,
  retryAfterMs,
}: {
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number
}): HeadwayError {
  const retry = retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1000 }
  return new HeadwayError(code === 'CIRCUIT_OPEN' ? 'CIRCUIT_OPEN' : 'API_ERROR', message, retry)
}
