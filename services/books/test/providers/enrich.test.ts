import { expect, test } from 'vitest'
import { editions, isbnOf } from '../support/stand-in/books.mjs'
import { answersTo, queriesOf, setup } from './support/setup.js'

test('5,000 ISBNs take 200 requests of Open Library, each full, none sooner than its limit allows', async () => {
  const books = editions(5000)
  const times = 40
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], times, settings: { lingerMs: 3_600_000 } })
  const began = performance.now()
  const answers = await answersTo(enricher, queriesOf(books))
  const seconds = ((performance.now() - began) / 1000) * times
  expect(answers).toHaveLength(5000)
  expect(answers.filter(({ found, book }, at) => !found || book?.isbn !== books[at]?.isbn13)).toEqual([])
  expect(openLibrary.requests).toHaveLength(200)
  expect(openLibrary.requests.filter(({ isbns }) => isbns.length !== 25)).toEqual([])
  expect(seconds).toBeGreaterThan(199 / 3)
})

test('Open Library is told who asks', async () => {
  const { enricher, openLibrary } = await setup({ names: ['open_library'] })
  await answersTo(enricher, [{ isbn: isbnOf(1) }])
  const [request] = openLibrary.requests
  expect(request?.headers['user-agent']).toBe('Headway (books; books@example.org)')
  expect(request?.query.get('jscmd')).toBe('data')
})

test('what is found has the fields of the wire', async () => {
  const { enricher } = await setup({ names: ['open_library'] })
  const [answer] = await answersTo(enricher, [{ isbn: isbnOf(7) }])
  expect(answer).toMatchObject({
    index: 0,
    query: { isbn: isbnOf(7) },
    found: true,
    confidence: 1,
    provider: 'open_library',
    cached: false,
  })
  expect(answer?.book).toEqual({
    isbn: isbnOf(7),
    isbn10: '0000000078',
    title: 'The Chronicle of Year 7',
    authors: ['Ada Writer7'],
    publisher: 'Press 7',
    publishedDate: '1957-09-08',
    pageCount: 107,
    categories: ['Fiction', 'Subject 7'],
    coverUrl: 'https://covers.openlibrary.org/b/id/8-M.jpg',
    coverUrls: {
      large: 'https://covers.openlibrary.org/b/id/8-L.jpg',
      medium: 'https://covers.openlibrary.org/b/id/8-M.jpg',
      small: 'https://covers.openlibrary.org/b/id/8-S.jpg',
    },
    coverSource: 'external',
    editionKey: 'OL8M',
    provider: 'open_library',
    quality: 85,
  })
})

test('answers come as soon as they are known, not when all are', async () => {
  const books = editions(60)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'] })
  const held = deferred()
  let calls = 0
  openLibrary.before = () => (calls++ === 0 ? Promise.resolve() : held.promise)
  const answers = enricher.enrich(queriesOf(books), { signal: new AbortController().signal })
  for (let at = 0; at < 25; at += 1) expect((await answers.next()).value).toMatchObject({ found: true })
  held.resolve(undefined)
  let rest = 0
  for await (const { found } of answers) rest += Number(found)
  expect(rest).toBe(35)
})

test('what an ISBN can not be, and a title without letters, are errors of the query; the others are answered', async () => {
  const { enricher } = await setup({ names: ['open_library'] })
  const answers = await answersTo(enricher, [
    { isbn: '9780000000000' },
    { title: '  ' },
    { isbn: isbnOf(3) },
    { isbn: isbnOf(4).slice(3, 12) },
  ])
  expect(answers.map(({ found, error }) => [found, error?.code, error?.retryable])).toEqual([
    [false, 'VALIDATION_ERROR', false],
    [false, 'VALIDATION_ERROR', false],
    [true, undefined, undefined],
    [false, 'VALIDATION_ERROR', false],
  ])
})

test('the next provider is asked for what the first does not know, and for nothing else', async () => {
  const books = editions(30)
  const { enricher, openLibrary, isbndb, googleBooks } = await setup({ books })
  const known = openLibrary.known
  openLibrary.known = { ...known, byIsbn: (isbn) => (isbn === isbnOf(5) || isbn === isbnOf(6) ? undefined : known.byIsbn(isbn)) }
  isbndb.known = { ...known, byIsbn: (isbn) => (isbn === isbnOf(6) ? undefined : known.byIsbn(isbn)) }
  const answers = await answersTo(enricher, [...queriesOf(books), { isbn: isbnOf(999) }])
  expect(isbndb.requests.flatMap(({ isbns }) => isbns).toSorted()).toEqual([isbnOf(5), isbnOf(6), isbnOf(999)])
  expect(isbndb.requests).toHaveLength(1)
  expect(googleBooks.requests.flatMap(({ isbns }) => isbns)).toEqual([isbnOf(6), isbnOf(999)])
  expect(answers[5]).toMatchObject({
    found: true,
    provider: 'isbndb',
    book: { description: 'What happened in the year 5.', language: 'en' },
  })
  expect(answers[6]).toMatchObject({ found: true, provider: 'google_books' })
  expect(answers[30]).toEqual({ index: 30, query: { isbn: isbnOf(999) }, found: false, confidence: 0, cached: false })
})

test('two jobs share batches and take turns, so that a small one does not wait for a large one', async () => {
  const books = editions(500)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], settings: { concurrency: 1, lingerMs: 60_000 } })
  const large = enricher.enrich(queriesOf(books), { signal: new AbortController().signal })
  await large.next()
  const before = openLibrary.requests.length
  // The last of hundreds, were it not for the turns.
  expect(await answersTo(enricher, [{ isbn: isbnOf(100_000) }])).toMatchObject([{ found: false }])
  expect(openLibrary.requests.length - before).toBeLessThanOrEqual(3)
  for await (const { found } of large) expect(found).toBe(true)
  expect(openLibrary.requests).toHaveLength(21)
})

test('the same book asked for by several at the same time is asked for once', async () => {
  const { enricher, openLibrary } = await setup({ names: ['open_library'] })
  const query = { isbn: isbnOf(2) }
  const [twice, once] = await Promise.all([answersTo(enricher, [query, query]), answersTo(enricher, [query])])
  expect([...twice, ...once].map(({ found }) => found)).toEqual([true, true, true])
  expect(openLibrary.requests.flatMap(({ isbns }) => isbns)).toEqual([isbnOf(2)])
})

test('whoever stops reading stops what is asked for them; others go on', async () => {
  const books = editions(500)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], settings: { concurrency: 1 } })
  const controller = new AbortController()
  const reading = answersTo(enricher, queriesOf(books), controller.signal)
  await expect.poll(() => openLibrary.requests.length).toBeGreaterThan(1)
  controller.abort(new Error('cancelled'))
  await expect(reading).rejects.toThrow('cancelled')
  const asked = openLibrary.requests.length
  expect(await answersTo(enricher, [{ isbn: isbnOf(499) }])).toMatchObject([{ found: true }])
  expect(openLibrary.requests.length).toBeLessThanOrEqual(asked + 2)
})

test('a batch that is not full waits for queries that may come, and no longer than it should', async () => {
  const books = editions(60)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], settings: { inFlight: 10 } })
  const answers = enricher.enrich(queriesOf(books), { signal: new AbortController().signal })
  // Nobody reads on, so nothing more comes: what is there goes out after a while.
  expect((await answers.next()).value).toMatchObject({ found: true })
  expect(openLibrary.requests.map(({ isbns }) => isbns.length)).toEqual([10])
  await answers.return()
})

test('who reads slowly holds a bounded part: no more is asked than was taken', async () => {
  const books = editions(400)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'], settings: { inFlight: 100, lingerMs: 0 } })
  const answers = enricher.enrich(queriesOf(books), { signal: new AbortController().signal })
  await answers.next()
  await expect.poll(() => openLibrary.requests.flatMap(({ isbns }) => isbns).length).toBe(100)
  expect(await enricher.lookUp({ isbn: isbnOf(400) }, { signal: new AbortController().signal })).toMatchObject({ found: false })
  expect(openLibrary.requests.flatMap(({ isbns }) => isbns)).toHaveLength(101)
  let rest = 0
  for await (const { found } of answers) rest += Number(found)
  expect(rest).toBe(399)
})

function deferred(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => undefined
  const promise = new Promise((done) => (resolve = done))
  return { promise, resolve }
}
