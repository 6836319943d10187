import { HeadwayError } from '@headway/core'
import type { Book } from './book.js'
import type { SearchPage, SearchQuery } from './catalog/catalog.js'
import { CatalogError } from './catalog/errors.js'
import type { CatalogErrorCode } from './catalog/errors.js'
import { isbn13Of } from './isbn.js'
import type { Lazy } from './lazy.js'
import type { Library } from './library.js'
import { rankByMeaning } from './providers/embeddings/rank-by-meaning.js'
import type { AnswerError } from './providers/enricher.js'
import { ProviderError } from './providers/provider-error.js'

export const SEARCH_MODES = ['text', 'semantic', 'similar'] as const
export type SearchMode = (typeof SEARCH_MODES)[number]

/** A book with the numbers that stand for its meaning. */
export type BookWithEmbedding = Book & { readonly embedding?: readonly number[] }

/** What came of some editions. */
export interface Enriched {
  readonly books: readonly BookWithEmbedding[]
  /** Why nothing is known of some: it is no ISBN, or those who might know it did not answer. */
  readonly errors: readonly (Pick<AnswerError, 'code' | 'message' | 'retryable'> & { readonly isbn: string })[]
}

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
   * @throws HeadwayError NOT_FOUND; API_ERROR or CIRCUIT_OPEN when those who might know it did not answer; OVERLOADED
   */
  byIsbn(isbn: string, signal: AbortSignal): Promise<{ readonly book: Book; readonly cached: boolean }> {
    return this.#ask(async ({ enricher }) => {
      const { found, book, error, cached } = await enricher.lookUp({ isbn }, { signal })
      if (found && book !== undefined) return { book, cached }
      if (error !== undefined) throw unanswered(error)
      throw new HeadwayError('NOT_FOUND', `Nobody knows a book with the ISBN ${isbn}.`)
    })
  }

  /** A page of books. By meaning only where there are embeddings that answer; else by words. @throws HeadwayError OVERLOADED */
  search(mode: SearchMode, query: SearchQuery, signal: AbortSignal): Promise<SearchPage> {
    return this.#ask(async ({ catalog, embeddings }) => {
      if (mode === 'similar') return catalog.similar(query, signal)
      const page = await catalog.search(query, signal)
      if (mode === 'text' || embeddings === undefined) return page
      try {
        const ranked = await rankByMeaning(embeddings, query.text, page.books, signal)
        return { books: ranked.map(({ book }) => book), total: page.total }
      } catch (error) {
        if (error instanceof ProviderError) return page
        throw error
      }
    })
  }

  /**
   * Those of these editions that somebody knows, in the order asked, and why nothing is known of the others.
   *
   * @throws HeadwayError API_ERROR or CIRCUIT_OPEN when nobody who might know one of them, or their embeddings, did answer; OVERLOADED
   */
  enrich(isbns: readonly string[], includeEmbedding: boolean, signal: AbortSignal): Promise<Enriched> {
    return this.#ask(async ({ enricher, embeddings }) => {
      const found = new Map<number, Book>()
      const failed = new Map<number, AnswerError>()
      const queries = isbns.map((isbn) => ({ isbn: isbn13Of(isbn) ?? isbn }))
      for await (const { index, book, found: isFound, error } of enricher.enrich(queries, { signal })) {
        if (isFound && book !== undefined) found.set(index, book)
        else if (error !== undefined) failed.set(index, error)
      }
      const [first] = failed.values()
      if (first !== undefined && failed.size === isbns.length && [...failed.values()].every(({ code }) => code !== 'VALIDATION_ERROR'))
        throw unanswered(first)
      const books = isbns.flatMap((_, index) => found.get(index) ?? [])
      const errors = isbns.flatMap((isbn, index) => {
        const error = failed.get(index)
        return error === undefined ? [] : [{ isbn, code: error.code, message: error.message, retryable: error.retryable }]
      })
      if (!includeEmbedding || embeddings === undefined || books.length === 0) return { books, errors }
      const vectors = await embeddings.embed(books.map(textOf), signal)
      return { books: books.map((book, index) => ({ ...book, embedding: vectors[index] ?? [] })), errors }
    })
  }

  /** Books for a week, with a reason each. @throws HeadwayError OVERLOADED */
  weekly(week: number, limit: number): ReturnType<Library['catalog']['weekly']> {
    return this.#ask(({ catalog }) => catalog.weekly(week, limit))
  }

  /** Forgets what is kept of an edition, and fetches it afresh. Whether somebody knows it. */
  refresh(isbn: string, signal: AbortSignal): Promise<boolean> {
    return this.#ask(async ({ enricher }) => (await enricher.invalidate(isbn, { signal })).found)
  }

  async #ask<Value>(question: (library: Library) => Promise<Value>): Promise<Value> {
    try {
      return await question(await this.#library.get())
    } catch (error) {
      if (error instanceof ProviderError) throw unanswered(error)
      if (!(error instanceof CatalogError) || !MOMENTARY.has(error.code)) throw error
      const options = { cause: error, retryAfterSeconds: CATALOG_RETRY_SECONDS }
      throw new HeadwayError('OVERLOADED', 'The catalog has too much to do; try again in a moment.', options)
    }
  }
}

/** What passes by itself. */
const MOMENTARY: ReadonlySet<CatalogErrorCode> = new Set(['CATALOG_BUSY', 'CATALOG_UNAVAILABLE', 'CATALOG_CLOSED'])
const CATALOG_RETRY_SECONDS = 2

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
  readonly retryAfterMs?: number | undefined
}): HeadwayError {
  const retry = retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1000 }
  return new HeadwayError(code === 'CIRCUIT_OPEN' ? 'CIRCUIT_OPEN' : 'API_ERROR', message, retry)
}
