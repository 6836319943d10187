import type { Book, BookQuery, Candidate, ProviderName } from '../book.js'

/** What a provider knows of one query. `book` is the edition that was asked for; candidates are guesses by title and author. */
export interface ProviderAnswer {
  readonly book?: Book
  readonly candidates?: readonly Candidate[]
}

/**
 * Somebody who knows books. Its requests are shaped by whoever calls it, as it says here: at most `batchSize` queries a call, at most
 * `requestsPerSecond`; caches, breakers, waits after 429 and merging are done around it, once for all providers.
 */
export interface Provider {
  readonly name: ProviderName
  /** Queries of one call. */
  readonly batchSize: number
  /** Undefined: no limit. */
  readonly requestsPerSecond?: number
  /** Whether it can look up by title; else it is only asked for ISBNs. */
  readonly byTitle: boolean
  /**
   * One answer for each query, in their order; an empty one where it knows nothing.
   *
   * @throws ProviderError with `retryable` and, after 429 or 503, `retryAfterMs`
   */
  lookUp(queries: readonly BookQuery[], signal: AbortSignal): Promise<readonly ProviderAnswer[]>
}
