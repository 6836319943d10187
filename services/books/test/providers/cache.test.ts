import { openSqliteStores } from '@headway/store-sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { editions, isbnOf } from '../support/stand-in/books.mjs'
import { answersTo, queriesOf, setup } from './support/setup.js'

const DAY_MS = 24 * 60 * 60 * 1000
const NOBODY = new AbortController().signal

/** A store whose time can be moved. */
async function movableStore() {
  const folder = await mkdtemp(join(tmpdir(), 'headway-answers-'))
  const timeOffset = new Float64Array(new SharedArrayBuffer(8))
  const { keyValues, close } = await openSqliteStores({ folder, timeOffset })
  onTestFinished(async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  })
  return { keyValues, later: (ms: number) => (timeOffset[0] = (timeOffset[0] ?? 0) + ms) }
}

test('what was found is kept for all, by ISBN and by title and author however they are written', async () => {
  const { enricher, another, openLibrary } = await setup({ names: ['open_library'] })
  const first = await answersTo(enricher, [{ isbn: isbnOf(1) }, { title: 'The Chronicle of Year 2', author: 'Ada Writer2' }])
  expect(first).toMatchObject([
    { found: true, cached: false },
    { found: true, cached: false },
  ])
  const asked = openLibrary.requests.length
  const again = await answersTo(another(), [
    { isbn: ` 978-${isbnOf(1).slice(3)} ` },
    { title: 'the  CHRONICLE of year 2!', author: 'ada writer2' },
  ])
  expect(again.map(({ book }) => book)).toEqual(first.map(({ book }) => book))
  expect(again).toMatchObject([
    { found: true, cached: true },
    { found: true, cached: true, confidence: first[1]?.confidence },
  ])
  expect(openLibrary.requests).toHaveLength(asked)
})

test('that nobody knows a book is kept for a shorter time', async () => {
  const { keyValues, later } = await movableStore()
  const { another, openLibrary } = await setup({ names: ['open_library'], settings: { foundTtlMs: 10 * DAY_MS, notFoundTtlMs: DAY_MS } })
  const enricher = another({ cache: keyValues })
  const queries = [{ isbn: isbnOf(1) }, { isbn: isbnOf(777) }]
  await answersTo(enricher, queries)
  expect((await answersTo(enricher, queries)).map(({ found, cached }) => [found, cached])).toEqual([
    [true, true],
    [false, true],
  ])
  later(DAY_MS + 1000)
  expect((await answersTo(enricher, queries)).map(({ found, cached }) => [found, cached])).toEqual([
    [true, true],
    [false, false],
  ])
  later(10 * DAY_MS)
  expect((await answersTo(enricher, queries)).map(({ cached }) => cached)).toEqual([false, false])
  expect(openLibrary.requests.flatMap(({ isbns }) => isbns)).toHaveLength(5)
})

test('what was found while a provider failed is kept for the shorter time', async () => {
  const { keyValues, later } = await movableStore()
  const { another, openLibrary, isbndb } = await setup({ names: ['open_library', 'isbndb'] })
  const enricher = another({ cache: keyValues })
  openLibrary.trouble = { kind: 'html', times: 1 }
  expect(await answersTo(enricher, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: true, provider: 'isbndb' }])
  expect(await answersTo(enricher, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: true, cached: true }])
  later(DAY_MS + 1000)
  expect(await answersTo(enricher, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: true, provider: 'open_library' }])
  expect(isbndb.requests).toHaveLength(1)
})

test('other providers may know more: answers of some are not answers of others', async () => {
  const { enricher, another, openLibrary } = await setup({ names: ['open_library'] })
  openLibrary.known = { ...openLibrary.known, byIsbn: () => undefined }
  expect(await answersTo(enricher, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: false }])
  const { createIsbndbProvider } = await import('@headway/books/providers')
  const { ISBNDB_KEY } = await import('../support/stand-in/isbndb.mjs')
  const more = another({
    providers: [createIsbndbProvider({ key: ISBNDB_KEY, baseUrl: openLibrary.url.replace('open-library', 'isbndb') })],
  })
  expect(await answersTo(more, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: true, provider: 'isbndb' }])
})

test('a kept book that is known to be old is dropped and fetched afresh', async () => {
  const books = editions(3)
  const { enricher, openLibrary } = await setup({ books, names: ['open_library'] })
  await answersTo(enricher, [{ isbn: isbnOf(1) }])
  const { byIsbn } = openLibrary.known
  openLibrary.known = {
    ...openLibrary.known,
    byIsbn: (isbn) => {
      const facts = byIsbn(isbn)
      return facts === undefined ? undefined : { ...facts, title: 'A better title' }
    },
  }
  expect((await enricher.lookUp({ isbn: isbnOf(1) }, { signal: NOBODY })).book?.title).toBe('The Chronicle of Year 1')
  expect(await enricher.invalidate(isbnOf(1))).toMatchObject({ found: true, cached: false, book: { title: 'A better title' } })
  expect(await enricher.lookUp({ isbn: isbnOf(1) }, { signal: NOBODY })).toMatchObject({ cached: true, book: { title: 'A better title' } })
  expect(openLibrary.requests).toHaveLength(2)
})

test('a store that fails holds nobody up, and what it holds that is no answer is not used', async () => {
  const { another, keyValues, openLibrary } = await setup({ names: ['open_library'] })
  const broken = () => Promise.reject(new Error('no database'))
  const without = another({ cache: { get: broken, set: broken, delete: broken }, breakers: { get: broken, set: broken, delete: broken } })
  expect(await answersTo(without, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: true }])
  const enricher = another()
  await answersTo(enricher, [{ isbn: isbnOf(1) }])
  const [key = ''] = await keyValues.keys('books:answer:', 10)
  await keyValues.set(key, { book: { title: 7 } })
  expect(await answersTo(enricher, [{ isbn: isbnOf(1) }])).toMatchObject([{ found: true, cached: false }])
  expect(openLibrary.requests).toHaveLength(3)
})

test('whatever is asked, no more is kept than there is room for, and no answer is told for another book', async () => {
  const books = editions(40)
  const { enricher, keyValues } = await setup({ books, names: ['open_library'], settings: { keptAnswers: 8 } })
  for (let round = 0; round < 2; round += 1) {
    const answers = await answersTo(enricher, [...queriesOf(books), { isbn: isbnOf(999) }])
    expect(answers.map(({ book }) => book?.isbn)).toEqual([...books.map(({ isbn13 }) => isbn13), undefined])
    expect((await keyValues.keys('books:answer:', 100)).length).toBeLessThanOrEqual(8)
  }
  const again = await answersTo(enricher, queriesOf(books))
  expect(again.filter(({ cached }) => cached).length).toBeGreaterThan(0)
})
