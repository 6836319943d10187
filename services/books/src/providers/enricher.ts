import { steadyClock, type Clock } from '@headway/core'
import { Breakers, type BreakerStore } from '@headway/core/breaker'
import type { BookQuery, ProviderName } from '../book.js'
import { isbn13Of } from '../isbn.js'
import { AnswerCache, type CacheStore, keyOf } from './answer-cache.js'
import type { Decision } from './decide.js'
import { Flights } from './flights.js'
import { kindOf } from './lane/item.js'
import { Lane } from './lane/lane.js'
import { Announcement, lookUp, type LookUpTools, type Outcome } from './look-up.js'
import type { Provider } from './provider.js'
import type { ProviderErrorCode } from './provider-error.js'
import { type EnricherSettings, withDefaults } from './settings.js'
import { streamAnswers } from './stream-answers.js'

/** Why nothing is known of a book, as the wire shows it. */
export interface AnswerError {
  /** `VALIDATION_ERROR`: the query can't be one. */
  readonly code: ProviderErrorCode | 'VALIDATION_ERROR'
  readonly message: string
  /** Whether asking again, now or later, may help. */
  readonly retryable: boolean
  readonly retryAfterMs?: number
}

/** What came of one query. Without an error, `found: false` means that nobody knows it. */
export interface Answer extends Decision {
  /** Of the query, from 0. */
  readonly index: number
  readonly query: BookQuery
  /** Who gave most of the book. */
  readonly provider?: ProviderName
  /** Nobody was asked: it was kept from an earlier time. */
  readonly cached: boolean
  readonly error?: AnswerError
}

export interface EnricherOptions {
  /** In the order in which they are asked. Those that are local come first in any case. */
  readonly providers: readonly Provider[]
  /** Where answers are kept. */
  readonly cache: CacheStore
  /** Where breakers are kept; shared by all servers of a store. */
  readonly breakers: BreakerStore
  /** Default: the system's. Timeouts of requests are the system's always. */
  readonly clock?: Clock | undefined
  /** From 0 up to 1; for the jitter of retries. */
  readonly random?: () => number
  readonly settings?: Partial<EnricherSettings>
}

/** Looks books up at all providers, for any number of jobs at the same time. */
export interface Enricher {
  /** Who is asked, in this order. */
  readonly providers: readonly ProviderName[]
  /**
   * Answers each query exactly once, as soon as it is known, in any order. Whoever stops reading stops what is asked for them.
   *
   * @throws the signal's reason when it is aborted
   */
  enrich(queries: readonly BookQuery[], options: { readonly signal: AbortSignal }): AsyncGenerator<Answer, void, undefined>
  /** The same for one query. */
  lookUp(query: BookQuery, options: { readonly signal: AbortSignal }): Promise<Answer>
  /** Forgets what was kept of an edition, and asks for it afresh. @param isbn ISBN-13 */
  invalidate(isbn: string, options?: { readonly signal?: AbortSignal }): Promise<Answer>
  /** Ends what is under way and closes all connections. */
  close(): Promise<void>
}

/** Characters of a title, and of an author. */
const MAX_TEXT = 500

/** Makes an enricher. @throws RangeError when a setting can't be */
export function createEnricher({
  providers,
  cache,
  breakers,
  clock = steadyClock,
  random = Math.random,
  settings: given,
}: EnricherOptions): Enricher {
  const settings = withDefaults(given)
  const rules = { failures: settings.breakerFailures, openMs: settings.breakerOpenMs, memoryMs: settings.breakerMemoryMs }
  const shared = { clock, random, settings, breakers: new Breakers(breakers, 'books:breaker:', rules, () => clock.now()) }
  const ordered = [...providers].toSorted((a, b) => Number(b.local === true) - Number(a.local === true))
  const lanes = ordered.map((provider) => new Lane(provider, shared))
  const remote = ordered.filter(({ local }) => local !== true).map(({ name }) => name)
  const tools: LookUpTools = {
    lanes,
    settings,
    cache: remote.length === 0 ? undefined : new AnswerCache(cache, remote, settings.keptAnswers),
  }
  const flights = new Flights<Outcome>()

  const ask = async (index: number, query: BookQuery, owner: object, signal: AbortSignal): Promise<Answer> => {
    const announcement = new Announcement(query, lanes)
    const normal = normalized(query)
    if (normal === undefined) {
      announcement.end()
      return unusable(index, query)
    }
    let joins = true
    const answer = flights.join(keyOf(normal), signal, (flight) => {
      joins = false
      return lookUp(tools, { query: normal, owner, announcement, signal: flight })
    })
    // Another one asks the same: this one comes to no lane.
    if (joins) announcement.end()
    return answerOf(index, query, await answer)
  }

  const announce = (queries: readonly BookQuery[], sign: 1 | -1): void => {
    for (const kind of ['isbn', 'title'] as const) {
      const count = queries.filter((query) => kindOf(query) === kind).length
      if (count > 0) for (const lane of lanes) lane.expect(kind, sign * count)
    }
  }
  const answerOne = async (query: BookQuery, signal: AbortSignal): Promise<Answer> => {
    signal.throwIfAborted()
    announce([query], 1)
    return ask(0, query, {}, signal)
  }

  return {
    providers: ordered.map(({ name }) => name),
    enrich: (queries, { signal }) => streamAnswers(queries, { signal, inFlight: settings.inFlight, ask, announce }),
    lookUp: (query, { signal }) => answerOne(query, signal),
    async invalidate(isbn, { signal = new AbortController().signal } = {}) {
      const query = { isbn }
      // What is being asked now may be what the caller knows to be old: it must not be kept after this.
      await flights.settled(keyOf(query))
      await tools.cache?.delete(query)
      return answerOne(query, signal)
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

/** Undefined: it can't be looked up. */
function normalized(query: BookQuery): BookQuery | undefined {
  if ('isbn' in query) {
    const isbn = isbn13Of(query.isbn)
    return isbn === undefined ? undefined : { isbn }
  }
  const title = query.title.trim()
  const author = query.author?.trim() ?? ''
  if (title === '' || title.length > MAX_TEXT || author.length > MAX_TEXT) return undefined
  return author === '' ? { title } : { title, author }
}

function unusable(index: number, query: BookQuery): Answer {
  const message =
    'isbn' in query ? 'This is no ISBN: its length or its check digit is wrong.' : `A title has 1 to ${String(MAX_TEXT)} characters.`
  return { index, query, found: false, confidence: 0, cached: false, error: { code: 'VALIDATION_ERROR', message, retryable: false } }
}

function answerOf(index: number, query: BookQuery, { error, ...outcome }: Outcome): Answer {
  const provider = outcome.book?.provider
  if (error === undefined) return { ...outcome, index, query, ...(provider !== undefined && { provider }) }
  const { code, message, retryable, retryAfterMs } = error
  return { ...outcome, index, query, error: { code, message, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) } }
}
