import { expect, test } from 'vitest'
import { fixture, importAll } from './support/import-all.js'

test('Goodreads: ISBNs as formulas, the exclusive shelf, the series behind the title, translators', async () => {
  const { library, books, errors, counts } = await importAll(fixture('goodreads.csv'))
  expect(library).toMatchObject({ format: 'goodreads', encoding: 'utf-8', delimiter: ',', rows: 4 })
  expect(errors).toEqual([])
  expect(counts).toEqual({ rows: 4, imported: 4, duplicates: 0, failed: 0, blank: 0 })
  expect(books[0]).toEqual({
    row: 2,
    isbn13: '9780439023498',
    isbn: '9780439023498',
    title: 'Catching Fire',
    authors: ['Suzanne Collins'],
    contributors: [],
    rating: 4,
    dateRead: '2021-07-04',
    dateStarted: null,
    dateAdded: '2021-06-30',
    shelf: 'read',
    tags: ['favourites', 'dystopia'],
    review: 'Better than the first.<br/>"Remember who the real enemy is."',
    notes: 'Lent to Ann',
    readCount: 2,
    format: 'Hardcover',
    publisher: 'Scholastic Press',
    publishedDate: '2009',
    pageCount: 391,
    series: 'The Hunger Games #2',
    match: { how: 'none', confidence: 0 },
    raw: expect.objectContaining({ 'Book Id': '6148028', ISBN: '="0439023491"', 'Average Rating': '4.34' }) as object,
  })
  expect(books[1]).toMatchObject({ isbn13: null, isbn: '', authors: ['Terry Pratchett', 'Neil Gaiman'], dateRead: null })
  expect(books[2]).toMatchObject({ rating: null, shelf: 'to-read', tags: [] })
  expect(books[3]).toMatchObject({
    title: '1984',
    authors: ['George Orwell', 'Erich Fromm'],
    contributors: [{ name: 'Celâl Üster', role: 'translator' }],
    dateRead: '1998',
  })
})

test('Goodreads: the older files with 31 columns', async () => {
  const { library, books } = await importAll(fixture('goodreads-2015.csv'))
  expect(library.format).toBe('goodreads')
  expect(books[0]).toMatchObject({
    isbn13: '9780452284241',
    title: 'Animal Farm',
    tags: ['classics', 'politics'],
    raw: { 'Original Purchase Location': 'Hay-on-Wye' },
  })
})

test('StoryGraph: quarter stars, read status, the last of several readings, numbers that are no ISBN', async () => {
  const { library, books, errors } = await importAll(fixture('storygraph.csv'))
  expect(library.format).toBe('storygraph')
  expect(errors).toEqual([])
  expect(books[0]).toMatchObject({
    isbn13: '9780060853983',
    authors: ['Terry Pratchett', 'Neil Gaiman'],
    contributors: [{ name: 'Martin Jarvis', role: 'narrator' }],
    rating: 4.25,
    dateRead: '2023-02-11',
    dateStarted: '2023-02-01',
    dateAdded: '2023-01-03',
    shelf: 'read',
    tags: ['comfort', 're-read'],
    readCount: 2,
    format: 'audio',
  })
  expect(books[1]).toMatchObject({ isbn13: null, shelf: 'currently-reading', dateRead: null, dateStarted: '2023-03-05' })
  expect(books[2]).toMatchObject({ shelf: 'did-not-finish', rating: 0.5 })
})

test('StoryGraph: the older files', async () => {
  const { library, books } = await importAll(fixture('storygraph-2020.csv'))
  expect(library.format).toBe('storygraph')
  expect(books[0]).toMatchObject({ isbn13: '9780618260300', title: 'The Hobbit', rating: 3.75, dateRead: '2020-12-24' })
})

const LIBRARYTHING = [
  {
    isbn13: '9783257228007',
    title: 'Das Parfum: Die Geschichte eines Mörders',
    authors: ['Patrick Süskind'],
    rating: 4.5,
    dateStarted: '2011-01-02',
    dateRead: '2011-01-20',
    dateAdded: '2012-03-04',
    shelf: 'read',
    tags: ['Roman', 'Düfte'],
    publisher: 'Diogenes Verlag',
    publishedDate: '1994',
    pageCount: 336,
    language: 'de',
    review: '"Großartig" ist ein kleines Wort',
  },
  {
    isbn13: '9780151446476',
    authors: ['Umberto Eco'],
    contributors: [{ name: 'William Weaver', role: 'translator' }],
    shelf: 'currently-reading',
    publisher: 'Harcourt',
  },
  { isbn13: null, title: 'Ulysses', shelf: 'to-read' },
  { isbn13: null, title: 'Dubliners', shelf: 'read' },
  {
    authors: ['Terry Pratchett', 'Neil Gaiman'],
    contributors: [{ name: 'Martin Jarvis', role: 'narrator' }],
    shelf: 'currently-reading',
    dateStarted: '2020-01-01',
  },
]

const UTF16 = Buffer.from(fixture('librarything.tsv').toString(), 'utf16le')

test.each([
  ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), UTF16]), 'utf-16le'],
  ['UTF-16 without a mark', UTF16, 'utf-16le'],
  ['UTF-16 with the high byte first', Buffer.from(UTF16).swap16(), 'utf-16be'],
  ['ISO 8859-1', Buffer.from(fixture('librarything.tsv').toString(), 'latin1'), 'windows-1252'],
  ['UTF-8', fixture('librarything.tsv'), 'utf-8'],
])('LibraryThing in %s: tabs, no quoting, ISBNs in brackets, shelves from collections', async (_, bytes, encoding) => {
  const { library, books, errors } = await importAll(bytes)
  expect(library).toMatchObject({ format: 'librarything', delimiter: '\t', encoding })
  expect(errors).toEqual([])
  expect(books).toMatchObject(LIBRARYTHING)
})

test('Calibre: authors with &, series with its number, no date for "unknown"', async () => {
  const { library, books } = await importAll(fixture('calibre.csv'))
  expect(library.format).toBe('calibre')
  expect(books[0]).toMatchObject({
    isbn13: '9780060853983',
    authors: ['Terry Pratchett', 'Neil Gaiman'],
    language: 'en',
    publishedDate: '2006-11-28',
    dateAdded: '2019-08-01',
    rating: 5,
    tags: ['Fantasy', 'Humour'],
  })
  expect(books[1]).toMatchObject({ title: 'Catching Fire', series: 'The Hunger Games #2' })
  expect(books[1]).not.toHaveProperty('publishedDate')
})

test('Libib: status as shelf, films without an error', async () => {
  const { library, books, errors } = await importAll(fixture('libib.csv'))
  expect(library.format).toBe('libib')
  expect(errors).toEqual([])
  expect(books).toMatchObject([
    { isbn13: '9780441478125', shelf: 'read', rating: 4.5, dateStarted: '2022-01-01', dateRead: '2022-01-14', pageCount: 304 },
    { isbn13: '9781400033416', shelf: 'to-read', rating: null, authors: ['Toni Morrison'] },
    { isbn13: null, title: 'Arrival', format: 'movie', shelf: 'currently-reading' },
  ])
})

test('a German sheet: semicolons, decimal commas, days first', async () => {
  const { library, books, errors } = await importAll(fixture('german.csv'))
  expect(library).toMatchObject({ format: 'csv', delimiter: ';', dateOrder: 'dmy' })
  expect(errors).toEqual([])
  expect(books).toMatchObject([
    { isbn13: '9783257229530', authors: ['Bernhard Schlink'], rating: 4.5, dateRead: '2019-12-31', pageCount: 206 },
    { isbn13: '9783257228007', authors: ['Patrick Süskind'], rating: 4, dateRead: '2011-02' },
  ])
})

test('a file by hand: blanks after commas, other names', async () => {
  const { books } = await importAll(fixture('by-hand.csv'))
  expect(books).toMatchObject([
    { title: 'Dune', authors: ['Frank Herbert'], raw: { 'My thoughts': 'Sand, sand, sand' } },
    { title: 'Emma', authors: ['Jane Austen'] },
  ])
})
