import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createEnricher,
  createGoogleBooksProvider,
  createIsbndbProvider,
  createOpenLibraryProvider,
  type Answer,
  type Enricher,
  type EnricherOptions,
  type Provider,
} from '@headway/books/providers'
import type { BookQuery } from '@headway/books'
import type { Clock } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { onTestFinished } from 'vitest'
import { editions, type Facts } from '../../support/stand-in/books.mjs'
import { GOOGLE_KEY } from '../../support/stand-in/google-books.mjs'
import { ISBNDB_KEY } from '../../support/stand-in/isbndb.mjs'
import { startStandIns } from '../../support/stand-in/server.mjs'

type StandIns = Awaited<ReturnType<typeof startStandIns>>

const NAMES = ['open_library', 'isbndb', 'google_books'] as const

/** Providers that ask stand-ins. */
export function providersAt(
  standIns: Pick<StandIns, 'openLibrary' | 'isbndb' | 'googleBooks'>,
  names: readonly (typeof NAMES)[number][] = NAMES,
  timeoutMs = 20_000,
): Provider[] {
  const http = { timeoutMs, maxBytes: 1024 * 1024 }
  const all = {
    open_library: () => createOpenLibraryProvider({ ...http, baseUrl: standIns.openLibrary.url, contact: 'books@example.org' }),
    isbndb: () => createIsbndbProvider({ ...http, baseUrl: standIns.isbndb.url, key: ISBNDB_KEY }),
    google_books: () => createGoogleBooksProvider({ ...http, baseUrl: standIns.googleBooks.url, key: GOOGLE_KEY }),
  }
  return names.map((name) => all[name]())
}

/** A clock that runs so many times faster than the true one. */
export function fastClock(times: number): Clock {
  const began = performance.now()
  return {
    now: () => Math.floor(1_000_000_000_000 + (performance.now() - began) * times),
    after(ms, callback) {
      const timer = setTimeout(callback, ms / times)
      return () => clearTimeout(timer)
    },
  }
}

export interface SetupOptions {
  /** What all stand-ins know. Default: 30 editions. */
  readonly books?: Facts[]
  readonly names?: readonly (typeof NAMES)[number][]
  /** Asked besides, before the others. */
  readonly extra?: readonly Provider[]
  readonly settings?: EnricherOptions['settings']
  /** How many times faster than the true time the limits pass. Default 100. */
  readonly times?: number
  readonly perSecond?: number
  /** Of a request. Default 20 s. */
  readonly timeoutMs?: number
}

/** Stand-ins, a store, and an enricher over them; `another()` makes one more over the same store. */
export async function setup({ books = editions(30), names, extra = [], settings, times = 100, perSecond, timeoutMs }: SetupOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'headway-enricher-'))
  const { keyValues, close: closeStores } = await openSqliteStores({ folder })
  const standIns = await startStandIns({ books, ...(perSecond !== undefined && { perSecond }) })
  const made: Enricher[] = []
  const another = (overrides: Partial<EnricherOptions> = {}) => {
    const enricher = createEnricher({
      providers: [...extra, ...providersAt(standIns, names, timeoutMs)],
      cache: keyValues,
      breakers: keyValues,
      clock: fastClock(times),
      ...overrides,
      settings: { ...settings, ...overrides.settings },
    })
    made.push(enricher)
    return enricher
  }
  onTestFinished(async () => {
    await Promise.all(made.map((enricher) => enricher.close()))
    await standIns.close()
    await closeStores()
    await rm(folder, { recursive: true, force: true })
  })
  return { ...standIns, keyValues, enricher: another(), another }
}

/** All answers, by the place of their queries. Each query has exactly one. */
export async function answersTo(
  enricher: Enricher,
  queries: readonly BookQuery[],
  signal = new AbortController().signal,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for await (const answer of enricher.enrich(queries, { signal })) {
    if (answers[answer.index] !== undefined) throw new Error(`Query ${String(answer.index)} was answered twice.`)
    answers[answer.index] = answer
  }
  return answers
}

/** Queries for editions. */
export function queriesOf(books: readonly Facts[]): { isbn: string }[] {
  return books.map(({ isbn13 }) => ({ isbn: isbn13 }))
}
