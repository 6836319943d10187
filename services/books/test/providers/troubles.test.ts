import { createOpenLibraryProvider, ProviderError } from '@headway/books/providers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { editions, isbnOf } from '../support/stand-in/books.mjs'
import { GOOGLE_KEY } from '../support/stand-in/google-books.mjs'
import { ISBNDB_KEY } from '../support/stand-in/isbndb.mjs'
import type { Trouble } from '../support/stand-in/troubles.mjs'
import { answersTo, fastClock, providersAt, queriesOf, setup } from './support/setup.js'

const ONE = [{ isbn: isbnOf(1) }]

const TROUBLES: Readonly<Record<string, readonly [trouble: Trouble, requests: number, message: RegExp]>> = {
  'is down (503)': [{ kind: 'status', status: 503 }, 2, /answered with status 503/],
  'drops connections': [{ kind: 'reset' }, 2, /can't be reached, or broke off/],
  'cuts answers off': [{ kind: 'cut-off' }, 2, /can't be reached, or broke off/],
  'never answers': [{ kind: 'hang' }, 2, /did not answer as a whole within 1 s/],
  'answers with HTML': [{ kind: 'html' }, 1, /something else than JSON/],
  'answers with HTML and calls it JSON': [{ kind: 'not-json' }, 1, /not JSON, though it says so/],
  'sends nine megabytes': [{ kind: 'giant' }, 1, /more than 1048576 bytes/],
  'never ends': [{ kind: 'endless' }, 2, /did not answer as a whole within 1 s/],
  'refuses us (403)': [{ kind: 'status', status: 403 }, 1, /refuses the key/],
}

test.each(Object.entries(TROUBLES))(
  'a provider that %s: the others answer; alone, it is an error and no "not found"',
  async (_, [trouble, requests, message]) => {
    const { enricher, another, openLibrary } = await setup({ names: ['open_library', 'isbndb'], settings: { retries: 1 }, timeoutMs: 1000 })
    openLibrary.trouble = trouble
    expect(await answersTo(enricher, ONE)).toMatchObject([{ found: true, provider: 'isbndb' }])
    expect(openLibrary.requests).toHaveLength(requests)

    const alone = another({ providers: enricherProviders(openLibrary.url) })
    const [answer] = await answersTo(alone, ONE)
    expect(answer).toMatchObject({ found: false, error: { code: 'API_ERROR', retryable: true } })
    expect(answer?.error?.message).toMatch(message)

    openLibrary.trouble = undefined
    expect(await answersTo(alone, ONE)).toMatchObject([{ found: true, cached: false }])
  },
)

function enricherProviders(baseUrl: string) {
  return [createOpenLibraryProvider({ baseUrl, timeoutMs: 1000, maxBytes: 1024 * 1024 })]
}

const LIES: Readonly<Record<string, readonly [json: unknown, message: RegExp]>> = {
  'a list': [[], /something else than editions/],
  'a text': ['no', /something else than editions/],
  'an edition without a title': [{ [`ISBN:${isbnOf(1)}`]: { key: '/books/OL1M' } }, /an edition that is none/],
  'an edition whose title is a number': [{ [`ISBN:${isbnOf(1)}`]: { title: 7 } }, /an edition that is none/],
}

test.each(Object.entries(LIES))('Open Library that sends %s has failed', async (_, [json, message]) => {
  const { enricher, openLibrary } = await setup({ names: ['open_library'] })
  openLibrary.lie = () => ({ json })
  const [answer] = await answersTo(enricher, ONE)
  expect(answer).toMatchObject({ found: false, error: { code: 'API_ERROR' } })
  expect(answer?.error?.message).toMatch(message)
  expect(openLibrary.requests).toHaveLength(1)
})

test('one edition of a batch that is none costs that one only', async () => {
  const books = editions(3)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'] })
  openLibrary.lie = ({ json }) => ({ json: { ...json, [`ISBN:${isbnOf(1)}`]: { title: null } } })
  const answers = await answersTo(enricher, queriesOf(books))
  expect(answers.map(({ found, error }) => [found, error?.code])).toEqual([
    [true, undefined],
    [false, 'API_ERROR'],
    [true, undefined],
  ])
})

const BROKEN: Readonly<Record<string, readonly [broken: object, outcomes: readonly (string | undefined)[]]>> = {
  'that names its ISBN': [{ isbn13: isbnOf(1), title: null }, ['found', 'API_ERROR', 'found', 'nobody knows']],
  'that names none': [{ title: null }, ['found', 'API_ERROR', 'found', 'API_ERROR']],
}

test.each(Object.entries(BROKEN))(
  'a broken book of ISBNdb %s costs no other of its batch, and opens no breaker',
  async (_, [broken, outcomes]) => {
    const books = editions(3)
    const { enricher, isbndb } = await setup({ books, names: ['isbndb'], settings: { breakerFailures: 1 } })
    isbndb.lie = ({ json }) => ({
      json: { data: [broken, ...(json as { data: { isbn13: string }[] }).data.filter(({ isbn13 }) => isbn13 !== isbnOf(1))] },
    })
    const queries = [...queriesOf(books), { isbn: isbnOf(100) }]
    for (let round = 0; round < 2; round += 1) {
      const answers = await answersTo(enricher, queries)
      expect(answers.map(({ found, error }) => (found ? 'found' : (error?.code ?? 'nobody knows')))).toEqual(outcomes)
    }
  },
)

test('a broken book among those of a title is left out', async () => {
  const { another, openLibrary, isbndb, googleBooks } = await setup()
  const title = { title: 'The Chronicle of Year 3', author: 'Ada Writer3' }
  openLibrary.lie = ({ json }) => ({ json: { docs: [{ title: 7 }, ...(json as { docs: object[] }).docs] } })
  isbndb.lie = ({ json }) => ({ json: { books: [{ title: 7 }, ...(json as { books: object[] }).books] } })
  googleBooks.lie = ({ json }) => ({ json: { totalItems: 9, items: [{ volumeInfo: {} }, ...(json as { items: object[] }).items] } })
  for (const [at, provider] of providersAt({ openLibrary, isbndb, googleBooks }).entries()) {
    const alone = another({ providers: [provider] })
    const [answer] = await answersTo(alone, [title])
    expect([at, answer?.error, (answer?.book ?? answer?.candidates?.[0]?.book)?.title]).toEqual([at, undefined, 'The Chronicle of Year 3'])
  }
})

test('another edition than the one that was asked for is a candidate and not the book', async () => {
  const books = editions(5)
  const { enricher, openLibrary, isbndb, googleBooks } = await setup({ books })
  openLibrary.lie = () => ({ json: { [`ISBN:${isbnOf(100)}`]: { title: 'Another', identifiers: { isbn_13: [isbnOf(3)] } } } })
  isbndb.lie = () => ({ json: { total: 1, requested: 1, data: [{ title: 'Another', isbn13: isbnOf(3), isbn: '', authors: [] }] } })
  googleBooks.lie = () => ({
    json: {
      totalItems: 1,
      items: [{ volumeInfo: { title: 'Another', industryIdentifiers: [{ type: 'ISBN_13', identifier: isbnOf(3) }] } }],
    },
  })
  const [answer] = await answersTo(enricher, [{ isbn: isbnOf(100) }])
  expect(answer).toMatchObject({
    found: false,
    confidence: 0.5,
    candidates: [{ confidence: 0.5, book: { isbn: isbnOf(3), title: 'Another' } }],
  })
  expect(answer?.book).toBeUndefined()
  expect(answer?.candidates).toHaveLength(1)
})

test('a provider that was down for a moment is asked again, and nothing is lost', async () => {
  const books = editions(60)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], settings: { lingerMs: 60_000 } })
  openLibrary.trouble = { kind: 'status', status: 502, times: 2 }
  const answers = await answersTo(enricher, queriesOf(books))
  expect(answers.filter(({ found }) => found)).toHaveLength(60)
  expect(openLibrary.requests).toHaveLength(5)
})

const WAITS: Readonly<Record<string, (now: number) => string>> = {
  seconds: () => '7',
  'a date': (now) => new Date(now + 7000).toUTCString(),
}

test.each(Object.entries(WAITS))('after 429 nobody is asked until Retry-After is over (%s)', async (_, headerAt) => {
  const books = editions(50)
  const times = 20
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], times })
  openLibrary.trouble = { kind: 'status', status: 429, retryAfter: headerAt(Date.now()), times: 1 }
  const answers = await answersTo(enricher, queriesOf(books))
  expect(answers.filter(({ found }) => found)).toHaveLength(50)
  const [, ...later] = openLibrary.requests.map(({ at }) => at)
  const first = openLibrary.requests[0]?.at ?? 0
  // The date has whole seconds, and time passed until it was read.
  const after = later.filter((at) => (at - first) * times > 5500)
  expect(openLibrary.requests.length - after.length).toBeLessThanOrEqual(2)
  expect(after.length).toBeGreaterThan(0)
})

test('who asks to be left alone for longer than the bound is not waited for', async () => {
  const { enricher, openLibrary } = await setup({ names: ['open_library'] })
  openLibrary.trouble = { kind: 'status', status: 429, retryAfter: '600', times: 1 }
  expect(await answersTo(enricher, ONE)).toMatchObject([
    { found: false, error: { code: 'API_ERROR', retryable: true, retryAfterMs: 600_000 } },
  ])
  const [answer] = await answersTo(enricher, [{ isbn: isbnOf(2) }])
  expect(answer?.error).toMatchObject({ code: 'API_ERROR', retryable: true })
  expect(answer?.error?.message).toMatch(/asks to be left alone for \d+ s/)
  expect(openLibrary.requests).toHaveLength(1)
})

test('a time of day that is set back holds no call up', async () => {
  const { another, isbndb } = await setup({ names: ['isbndb'] })
  const enricher = another({ clock: undefined })
  expect(await answersTo(enricher, ONE)).toMatchObject([{ found: true }])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  onTestFinished(() => void vi.useRealTimers())
  expect(await answersTo(enricher, [{ isbn: isbnOf(2) }])).toMatchObject([{ found: true }])
  expect(isbndb.requests).toHaveLength(2)
})

test('a provider that fails too often is left alone by all who share the store, and tried again later', async () => {
  let now = 1_000_000
  const clock = { ...fastClock(100), now: () => now }
  const settings = { breakerFailures: 2, breakerOpenMs: 60_000, retries: 0 }
  const { another, openLibrary } = await setup({ names: ['open_library'], settings })
  const [one, two] = [another({ clock }), another({ clock })]
  openLibrary.trouble = { kind: 'status', status: 500 }
  await answersTo(one, ONE)
  now += 1000
  await answersTo(one, ONE)
  expect(openLibrary.requests).toHaveLength(2)
  now += 1000
  const [answer] = await answersTo(two, ONE)
  expect(answer).toMatchObject({ found: false, error: { code: 'CIRCUIT_OPEN', retryable: true, retryAfterMs: 59_000 } })
  expect(openLibrary.requests).toHaveLength(2)
  openLibrary.trouble = undefined
  now += 60_000
  expect(await answersTo(two, ONE)).toMatchObject([{ found: true }])
  now += 1000
  expect(await answersTo(one, [{ isbn: isbnOf(2) }])).toMatchObject([{ found: true }])
})

test('5,000 books while the provider is down: few requests, and every query has its error', async () => {
  const books = editions(5000)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'] })
  openLibrary.trouble = { kind: 'status', status: 500 }
  const answers = await answersTo(enricher, queriesOf(books))
  expect(answers.filter(({ found, error }) => found || error === undefined)).toEqual([])
  expect(answers.filter(({ error }) => error?.retryable !== true)).toEqual([])
  expect(answers.at(-1)?.error?.code).toBe('CIRCUIT_OPEN')
  expect(openLibrary.requests.length).toBeLessThanOrEqual(12)
})

test('keys are in no URL, no error and nothing that is kept', async () => {
  const { enricher, isbndb, googleBooks, keyValues } = await setup({ names: ['isbndb', 'google_books'], settings: { retries: 0 } })
  const said: string[] = []
  for (const kind of ['status', 'reset', 'html', 'cut-off'] as const) {
    isbndb.trouble = { kind, status: 401 }
    googleBooks.trouble = { kind, status: 401 }
    said.push(JSON.stringify(await answersTo(enricher, [...ONE, { title: 'The Chronicle of Year 1' }])))
  }
  isbndb.trouble = undefined
  googleBooks.trouble = undefined
  said.push(JSON.stringify(await answersTo(enricher, ONE)))
  for (const key of await keyValues.keys('books:', 100)) said.push(key, JSON.stringify(await keyValues.get(key)))
  said.push(...[...isbndb.requests, ...googleBooks.requests].map(({ path, query }) => path + String(query)))
  for (const key of [ISBNDB_KEY, GOOGLE_KEY]) expect(said.filter((text) => text.includes(key))).toEqual([])
  expect(isbndb.requests[0]?.headers.authorization).toBe(ISBNDB_KEY)
})

test('a provider is closed with what it does', async () => {
  const { enricher, openLibrary } = await setup({ names: ['open_library'] })
  openLibrary.trouble = { kind: 'hang' }
  const reading = answersTo(enricher, ONE)
  await expect.poll(() => openLibrary.requests.length).toBe(1)
  await enricher.close()
  expect(await reading).toMatchObject([{ found: false, error: { message: 'The enricher is closed.' } }])
  expect(await answersTo(enricher, ONE)).toMatchObject([{ found: false, error: { code: 'API_ERROR' } }])
})

test('a base that is no URL of the web is refused', () => {
  expect(() => createOpenLibraryProvider({ baseUrl: 'file:///etc' })).toThrow(TypeError)
  expect(new ProviderError('API_ERROR', 'x', { retry: 'never' }).retryable).toBe(false)
})
