import type { Book, BookQuery, Candidate, ProviderName } from '../book.js'
import type { ProviderError } from './provider-error.js'

/** What a provider knows of one query. `book` is the edition that was asked for; candidates are guesses by title and author. */
export interface ProviderAnswer {
  readonly book?: Book
  readonly candidates?: readonly Candidate[]
  /** What it said of this query can't be used, unlike what it said of the others. */
  readonly error?: ProviderError
}

/**
 * Somebody who knows books. Its requests are shaped by whoever calls it, as it says here: at most `batchSize` queries a call, at most
 * `requestsPerSecond`; caches, breakers, waits after 429 and merging are done around it, once for all providers.
 */
export interface Provider {
  readonly name: ProviderName
  /** Queries by ISBN of one call. */
  readonly batchSize: number
  /** Queries by title of one call. Undefined: 1. A call has queries of one kind only. */
  readonly titleBatchSize?: number
  /** Calls a second. Undefined: no limit. */
  readonly requestsPerSecond?: number
  /** So long a query may wait for others that fill its batch, in milliseconds. Undefined: as the enricher's settings say. */
  readonly lingerMs?: number
  /** Whether it can look up by title; else it is only asked for ISBNs. */
  readonly byTitle: boolean
  /** It is asked before the cache, which does not hold its answers: it answers as fast as the cache does. */
  readonly local?: boolean
  /**
   * One answer for each query, in their order; an empty one where it knows nothing.
   *
   * @throws ProviderError with `retryable` and, after 429 or 503, `retryAfterMs`
   */
  lookUp(queries: readonly BookQuery[], signal: AbortSignal): Promise<readonly ProviderAnswer[]>
  /** Closes its connections. */
  close?(): Promise<void>
}
