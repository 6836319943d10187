import { expect, test } from 'vitest'
import { openCatalog } from '@headway/books/catalog'
import { inspectLibrary, readLibrary } from '@headway/books/import'
import { importAll } from './support/import-all.js'

const KIB = 1024

/** A row with one field that is long, in quotes. */
const rowWith = (column: number, field: string): string =>
  Array.from({ length: 4 }, (_, at) => (at === column ? `"${field}"` : 'x')).join(',')

// Each of them took minutes when the time grew with the square of the length, or worse.
test.each([
  ['blanks in dates', 'Title,Author,ISBN,Date Read', `x${' '.repeat(200 * KIB)}x`],
  ['commas in dates', 'Title,Author,ISBN,Date Read', `x${','.repeat(200 * KIB)}x`],
  ['blanks in collections', 'Title,Primary Author,Work id,Collections', `x${' '.repeat(200 * KIB)}x`],
  ['opening brackets in an ISBN', 'Title,Author,Rating,ISBN', Array.from({ length: 100 }, () => '(a'.repeat(490)).join('"\nx,x,x,"')],
])('the time for a long field grows with its length: %s', async (_, header, field) => {
  const { counts } = await importAll(`${header}\n${rowWith(3, field)}\n`)
  expect(counts.imported).toBeGreaterThan(0)
})

test('the time for a quote that is never closed grows with its length', async () => {
  const { counts } = await importAll(`Title,Author\n"Dune${'\r'.repeat(200 * KIB)}x","Frank Herbert\nEmma,Jane Austen\n`)
  expect(counts).toMatchObject({ imported: 1, failed: 1 })
})

test('quotes that should have been doubled, in every field of a record', async () => {
  const { books } = await importAll(`Title,Author\nDune,${'"a"b",'.repeat(40 * KIB)}x\n`)
  expect(books).toMatchObject([{ title: 'Dune', authors: ['a"b'] }])
})

test('titles and names of any length ask the catalog for so much as there is of a title', async () => {
  const catalog = openCatalog(':memory:')
  const marks = `a${'\u0323\u0301'.repeat(100 * KIB)}`
  const long = [marks, '()'.repeat(100 * KIB), `(${'['.repeat(100 * KIB)}`, `x${' '.repeat(200 * KIB)}x`]
  const { books } = await importAll(`Title,Author\n${long.map((field) => `${field},${field}`).join('\n')}\n`, { catalog })
  catalog.close()
  expect(books).toHaveLength(long.length)
  for (const { title, authors } of books) {
    expect(title.length).toBeLessThanOrEqual(1000)
    for (const author of authors) expect(author.length).toBeLessThanOrEqual(500)
  }
})

test('several readings with commas: dates are told apart, and commas within one are not', async () => {
  const header = 'Title,Dates Read'
  const read = async (dates: string) => (await importAll(`${header}\nDune,"${dates}"\n`)).books[0]?.dateRead
  expect(await read('2021/03/01-2021/03/10, 2022/01/05')).toBe('2022-01-05')
  expect(await read('March 5, 2021; Mar 6, 2022')).toBe('2022-03-06')
  expect(await read('Mon, 2021-03-01,2020-01-01')).toBe('2021-03-01')
})

test('long names of columns stand in every row, and take little room all the same', async () => {
  const header = ['Title', ...Array.from({ length: 400 }, (_, column) => `${column} ${'long'.repeat(150)}`)]
  const rows = Array.from({ length: 200 }, (_, row) => `Book ${row}${',x'.repeat(400)}`)
  const file = [header.join(','), ...rows].join('\n')
  const { books, library } = await importAll(file)
  expect(books).toHaveLength(200)
  for (const name of library.header) expect(name.length).toBeLessThanOrEqual(200)
  expect(Object.keys(books[0]?.raw ?? {})).toHaveLength(401)
  expect(JSON.stringify(books).length).toBeLessThan(200 * 16 * KIB)
})

test('what a row has nothing in is not in its `raw`', async () => {
  const { books } = await importAll('Title,Author,Notes\nDune,,x\nEmma\n')
  expect(JSON.parse(JSON.stringify(books.map(({ raw }) => raw)))).toEqual([{ Title: 'Dune', Notes: 'x' }, { Title: 'Emma' }])
})

test('rows are handed on before they become many characters', async () => {
  const source = Buffer.from(`Title,Notes\n${Array.from({ length: 60 }, (_, row) => `Book ${row},${'x'.repeat(50 * KIB)}\n`).join('')}`)
  const sizes: number[] = []
  for await (const batch of readLibrary(source, await inspectLibrary(source))) sizes.push(batch.length)
  expect(sizes.reduce((sum, size) => sum + size)).toBe(60)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(6)
})
