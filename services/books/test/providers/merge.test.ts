import type { Book } from '@headway/books'
import type { Provider } from '@headway/books/providers'
import { createCatalogProvider } from '@headway/books/providers'
import { expect, test } from 'vitest'
import { editionOf, isbnOf } from '../support/stand-in/books.mjs'
import { answersTo, setup } from './support/setup.js'

const ISBN = isbnOf(1)
const LEAN: Book = { isbn: ISBN, title: 'Chronicle', authors: ['A. Writer'], language: 'fr', provider: 'alexandria', quality: 45 }
const FULL: Book = { ...LEAN, publisher: 'Own Press', publishedDate: '1999', pageCount: 99, quality: 75 }

/** A catalog that knows one book. */
function catalogOf(book: Book): Provider {
  const none = () => Promise.reject(new Error('not asked here'))
  return createCatalogProvider({
    byIsbn: (isbns) => Promise.resolve(new Map(isbns.includes(book.isbn) ? [[book.isbn, book]] : [])),
    match: () => Promise.resolve([{ book, confidence: 0.95 }]),
    matchText: none,
    search: none,
    similar: none,
    weekly: none,
    count: () => Promise.resolve(1),
    close: () => Promise.resolve(),
  })
}

test('what the catalog knows well is asked of nobody else', async () => {
  const { enricher, openLibrary, keyValues } = await setup({ extra: [catalogOf(FULL)], names: ['open_library'] })
  expect(enricher.providers).toEqual(['alexandria', 'open_library'])
  expect(await answersTo(enricher, [{ isbn: ISBN }, { title: 'Chronicle', author: 'Writer' }])).toMatchObject([
    { found: true, confidence: 1, provider: 'alexandria', book: FULL },
    { found: true, confidence: 0.95, provider: 'alexandria', book: FULL },
  ])
  expect(openLibrary.requests).toEqual([])
  expect(await keyValues.keys('books:answer:', 10)).toEqual([])
})

test('the fields of who knows most win, what it lacks comes from the others, and each field has its source', async () => {
  const { openLibrary, isbndb, another } = await setup({ names: ['open_library', 'isbndb'], extra: [catalogOf(LEAN)] })
  const { pages: _pages, subjects: _subjects, ...lean } = editionOf(1)
  const facts = editionOf(1)
  openLibrary.known = {
    ...openLibrary.known,
    byIsbn: () => ({ ...lean, publisher: 'Second Press' }),
  }
  isbndb.known = { ...isbndb.known, byIsbn: () => ({ ...facts, title: 'The Chronicle of Year 1', subjects: ['History'] }) }
  const enricher = another({ settings: { enoughQuality: 100 } })
  const [answer] = await answersTo(enricher, [{ isbn: ISBN }])
  expect(answer?.provider).toBe('isbndb')
  expect(answer?.book).toMatchObject({
    title: 'The Chronicle of Year 1',
    publisher: 'Press 1',
    pageCount: 101,
    categories: ['History'],
    language: 'en',
    description: 'What happened in the year 1.',
    editionKey: 'OL2M',
    provider: 'isbndb',
  })
  expect(answer?.sources).toMatchObject({ title: 'isbndb', editionKey: 'open_library' })
  expect(answer?.book?.quality).toBe(100)
  expect((await answersTo(enricher, [{ isbn: ISBN }]))[0]).toEqual({ ...answer, cached: true })
})

test('a book that only the catalog knows is found, though the others fail', async () => {
  const { enricher, openLibrary } = await setup({ extra: [catalogOf(LEAN)], names: ['open_library'], settings: { retries: 0 } })
  openLibrary.trouble = { kind: 'html' }
  expect(await answersTo(enricher, [{ isbn: ISBN }])).toMatchObject([{ found: true, book: LEAN, provider: 'alexandria' }])
})

test.each([
  ['isbndb', 'https://images.isbndb.com/covers/2.jpg', 'https://images.isbndb.com/covers/2.jpg'],
  [
    'google_books',
    'https://books.google.com/books/content?id=2&printsec=frontcover&img=1&zoom=1',
    'https://books.google.com/books/content?id=2&printsec=frontcover&img=1&zoom=5',
  ],
] as const)('covers of %s are https, in three sizes', async (name, medium, small) => {
  const { enricher } = await setup({ names: [name] })
  const [answer] = await answersTo(enricher, [{ isbn: ISBN }])
  expect(answer?.book).toMatchObject({ coverUrl: medium, coverUrls: { large: medium, medium, small }, coverSource: 'external' })
})
