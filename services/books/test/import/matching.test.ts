import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openCatalog } from '@headway/books/catalog'
import { openInThread } from '@headway/books/import'
import type { RowOutcome } from '@headway/books/import'
import { importAll } from './support/import-all.js'

const folder = mkdtempSync(join(tmpdir(), 'headway-import-'))
const catalogPath = join(folder, 'catalog.db')
const catalog = openCatalog(catalogPath)
afterAll(() => {
  catalog.close()
  rmSync(folder, { recursive: true })
})

/** One of the books that ship with Headway. */
const known = catalog.weekly(1, 1).books[0]?.book

test('an ISBN alone gets title, authors and more from the catalog', async () => {
  const { books } = await importAll(`ISBN\n${known?.isbn}\n9780000000002\n`, { catalog })
  expect(books).toMatchObject([
    {
      title: known?.title,
      authors: known?.authors,
      publisher: known?.publisher,
      match: { how: 'isbn', provider: 'alexandria', confidence: 1 },
    },
    { title: '', authors: [], match: { how: 'none', confidence: 0 } },
  ])
})

test('what the reader wrote stays', async () => {
  const { books } = await importAll(`Title,Author,ISBN,Publisher,Pages\nMy P&P,J. A.,${known?.isbn},Mine,1\n`, { catalog })
  expect(books).toMatchObject([{ title: 'My P&P', authors: ['J. A.'], publisher: 'Mine', pageCount: 1, match: { how: 'isbn' } }])
})

test('without an ISBN the title and the author must be sure enough; the ISBN stays open', async () => {
  const csv = `Title,Author\n${known?.title},"${known?.authors[0]}"\nNothing like any of them at all,Nobody\n`
  const { books } = await importAll(csv, { catalog })
  expect(books[0]).toMatchObject({ isbn13: null, match: { how: 'title', provider: 'alexandria' } })
  // Facts of one edition, perhaps of another.
  for (const fact of ['publisher', 'publishedDate', 'pageCount', 'language']) expect(books[0]).not.toHaveProperty(fact)
  expect(books[0]?.match.confidence).toBeGreaterThanOrEqual(0.8)
  expect(books[1]).toMatchObject({ match: { how: 'none', confidence: 0 } })
})

const libraryOf = (rows: number): string =>
  `Title,Author,ISBN\n${Array.from({ length: rows }, (_, index) => `Book ${index},Somebody,\n`).join('')}x,y,${known?.isbn}\n`
const LARGE = libraryOf(2500)
/** Several batches. */
const SOME = libraryOf(450)

async function all(batches: AsyncIterable<readonly RowOutcome[]>): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = []
  for await (const batch of batches) outcomes.push(...batch)
  return outcomes
}

test('a thread gives the same, from a path or from bytes', async () => {
  const { outcomes, library } = await importAll(SOME, { catalog })
  const path = join(folder, 'library.csv')
  writeFileSync(path, SOME)
  const fromPath = await openInThread(path, { catalogPath })
  expect(fromPath.inspected).toEqual(library)
  expect(await all(fromPath.outcomes())).toEqual(outcomes)
  const fromBytes = await openInThread(Buffer.from(SOME), { catalogPath })
  expect(await all(fromBytes.outcomes())).toEqual(outcomes)
  await fromPath.close()
})

test('a thread says what is wrong with a file, and asks for columns', async () => {
  await expect(openInThread(Buffer.from('%PDF-1.7'))).rejects.toMatchObject({ name: 'ImportError', code: 'NOT_CSV' })
  await expect(openInThread(Buffer.from('Foo\nDune\n'))).rejects.toMatchObject({ code: 'UNKNOWN_COLUMNS', details: { header: ['Foo'] } })
  const library = await openInThread(Buffer.from('Foo\nDune\n'), { askColumns: async ([first = '']) => ({ title: first }) })
  expect(await all(library.outcomes())).toMatchObject([{ book: { title: 'Dune' } }])
})

test('who asks for columns and fails fails the opening', async () => {
  const opening = openInThread(Buffer.from('Foo\nDune\n'), { askColumns: async () => Promise.reject(new Error('no model')) })
  await expect(opening).rejects.toThrow('no model')
})

test('a catalog that can not be opened is an error, not a crash', async () => {
  const library = await openInThread(Buffer.from(LARGE), { catalogPath: join(folder, 'nothing', 'here.db') })
  await expect(all(library.outcomes())).rejects.toMatchObject({ code: 'THREAD_CRASHED' })
})

test('an abort ends the reading at once', async () => {
  const abort = new AbortController()
  const library = await openInThread(Buffer.from(LARGE), { catalogPath, signal: abort.signal })
  const batches = library.outcomes()
  expect((await batches.next()).done).toBe(false)
  abort.abort(new Error('cancelled'))
  await expect(batches.next()).rejects.toThrow('cancelled')
  await expect(openInThread(Buffer.from(LARGE), { signal: abort.signal })).rejects.toThrow('cancelled')
})

test('a thread that runs out of memory says so', async () => {
  await expect(openInThread(Buffer.from(LARGE), { memoryMb: 2 })).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
})

test('a file that changes after it was looked at', async () => {
  const path = join(folder, 'changing.csv')
  writeFileSync(path, LARGE)
  const library = await openInThread(path, {})
  writeFileSync(path, 'Title,Author,ISBN\nDune,,\n')
  await expect(all(library.outcomes())).rejects.toMatchObject({ code: 'FILE_CHANGED' })
})

test('an import that is left at any moment, also while its thread asks the catalog, harms nobody', async () => {
  const csv = `Title,Author\n${'The Hobit,Tolkin\n'.repeat(400)}`
  for (let round = 0; round < 12; round++) {
    const leaving = new AbortController()
    const library = await openInThread(Buffer.from(csv), { catalogPath, signal: leaving.signal })
    const outcomes = library.outcomes()
    for (let batch = 0; batch < round % 3; batch++) await outcomes.next()
    const next = outcomes.next()
    // The thread is at work on it now.
    await new Promise(setImmediate)
    leaving.abort(new Error('left'))
    // A batch may have been ready; the one after it is not given.
    await expect(next.then(() => outcomes.next())).rejects.toThrow('left')
    await library.close()
  }
})
