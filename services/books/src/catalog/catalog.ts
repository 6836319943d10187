import type { Book, Candidate } from '../book.js'

/** What a page of a search answers. */
export interface SearchPage {
  readonly books: readonly Book[]
  /** How many books fit in all. */
  readonly total: number
}

export interface SearchQuery {
  readonly text: string
  /** From 1. */
  readonly page: number
  readonly limit: number
}

export interface TitleQuery {
  readonly title: string
  readonly author?: string | undefined
}

/**
 * The embedded catalog, in the thread that calls it: every method uses the processor and the disk. Job threads open their own; the server's
 * thread asks a `CatalogThread` instead, which has the same methods but for their promises.
 */
export interface Catalog {
  /** The editions that are known, by ISBN-13. Exactly these editions, no other of the same work. */
  byIsbn(isbns: readonly string[]): ReadonlyMap<string, Book>
  /**
   * Who could be meant by a title and an author as somebody typed or a spine shows them: at most `limit`, best first, each with a confidence.
   * Misspelt titles are looked up by trigrams only when the words alone give no good candidate.
   */
  match(query: TitleQuery, limit?: number): readonly Candidate[]
  /**
   * Whose title and author a text has that was read off a spine: words in any order, with letters misread, spaces lost, and a publisher's name
   * beside them. At most `limit`, best first, each with a confidence.
   */
  matchText(text: string, limit?: number): readonly Candidate[]
  /** Ranked full text over titles, authors and subjects. */
  search(query: SearchQuery): SearchPage
  /** Books that share subjects, authors and words with that edition, or with the text where it is no ISBN. */
  similar(query: SearchQuery): SearchPage
  /** Well-known books for a week, the same for all who ask: chosen by the number of the week. */
  weekly(
    week: number,
    limit: number,
  ): { readonly books: readonly { readonly book: Book; readonly reason: string }[]; readonly total: number }
  /** How many editions there are. */
  count(): number
  close(): void
}

/** The same, asked from another thread. */
export type AsyncCatalog = {
  readonly [Name in keyof Omit<Catalog, 'search' | 'similar' | 'close'>]: (
    ...args: Parameters<Catalog[Name]>
  ) => Promise<ReturnType<Catalog[Name]>>
} & {
  /** @param signal takes the question back, where it was not begun. @throws its reason */
  search(query: SearchQuery, signal?: AbortSignal): Promise<SearchPage>
  /** @param signal takes the question back, where it was not begun. @throws its reason */
  similar(query: SearchQuery, signal?: AbortSignal): Promise<SearchPage>
  close(): Promise<void>
}
