import { expect, test } from 'vitest'
import { inspectLibrary } from '@headway/books/import'
import { importAll } from './support/import-all.js'

test('a mapping wins over what is recognised', async () => {
  const { books } = await importAll('Title,Original,ISBN\nThe Stranger,L’Étranger,\n', { mapping: { title: 'Original' } })
  expect(books).toMatchObject([{ title: 'L’Étranger' }])
})

test('a mapping can say that no column has something', async () => {
  const { books } = await importAll('Title,Rating\nDune,97\n', { mapping: { rating: null } })
  expect(books).toMatchObject([{ rating: null }])
})

test.each([
  [{ titel: 'Foo' }, /field "titel".*title/],
  [{ title: 'Bar' }, /column "Bar".*"Foo"/],
])('a mapping that names what is not there is refused: %j', async (mapping, message) => {
  await expect(inspectLibrary(Buffer.from('Foo\nDune\n'), { mapping })).rejects.toMatchObject({
    code: 'BAD_MAPPING',
    message: expect.stringMatching(message) as string,
  })
})

test('columns that nobody knows: the error has the header and says what to send', async () => {
  await expect(inspectLibrary(Buffer.from('Foo,Bar\nDune,Frank Herbert\n'))).rejects.toMatchObject({
    code: 'UNKNOWN_COLUMNS',
    message: expect.stringMatching(/"Foo", "Bar".*mapping.*\{"title":"Foo"/) as string,
    details: { header: ['Foo', 'Bar'] },
  })
})

test('columns that nobody knows: somebody else is asked, who sees the first rows', async () => {
  const asked: unknown[] = []
  const { books } = await importAll('Foo,Bar\nDune,Frank Herbert\nEmma,Jane Austen\n', {
    askColumns: async (header, samples) => {
      asked.push(header, samples)
      return { title: 'Foo', authors: 'Bar' }
    },
  })
  expect(asked).toEqual([
    ['Foo', 'Bar'],
    [
      ['Dune', 'Frank Herbert'],
      ['Emma', 'Jane Austen'],
    ],
  ])
  expect(books).toMatchObject([{ title: 'Dune', authors: ['Frank Herbert'] }, { title: 'Emma' }])
})

test('a column of ISBNs is known by what is in it', async () => {
  const { library, books } = await importAll('Nr.,Was\n978-0-439-02349-8,Catching Fire\n0-452-28424-4,Animal Farm\n')
  expect(library.columns).toEqual({ isbn13: 0 })
  expect(books).toMatchObject([{ isbn13: '9780439023498', title: '' }, { isbn13: '9780452284241' }])
})

test('a list of ISBNs without a header: the first row is row 1', async () => {
  const { books, counts } = await importAll('9780439023498\n0452284244\n')
  expect(counts).toMatchObject({ rows: 2, imported: 2 })
  expect(books).toMatchObject([
    { row: 1, isbn13: '9780439023498' },
    { row: 2, isbn13: '9780452284241' },
  ])
})

test('a list without a header: title and author beside the ISBN', async () => {
  const { books } = await importAll('Dune,Frank Herbert,9780441013593\nEmma,"Austen, Jane",9780141439587\n')
  expect(books).toMatchObject([
    { row: 1, title: 'Dune', authors: ['Frank Herbert'] },
    { row: 2, authors: ['Jane Austen'] },
  ])
})

test('a list without a header: a mapping numbers the columns', async () => {
  const csv = '9780441013593,Frank Herbert,Dune\n9780141439587,Jane Austen,Emma\n'
  const { books } = await importAll(csv, { mapping: { title: 'column 3', authors: 'Column 2' } })
  expect(books).toMatchObject([
    { row: 1, title: 'Dune', authors: ['Frank Herbert'], isbn13: '9780441013593' },
    { row: 2, title: 'Emma' },
  ])
  const noIsbns = await importAll('Frank Herbert,Dune\n', { mapping: { title: 'column 2', authors: 'column 1' } })
  expect(noIsbns.books).toMatchObject([{ row: 1, title: 'Dune', authors: ['Frank Herbert'] }])
})

test('a mapping that numbers the columns of a file with a header is refused', async () => {
  const inspected = inspectLibrary(Buffer.from('Title,Author\nDune,Frank Herbert\n'), { mapping: { title: 'column 1' } })
  await expect(inspected).rejects.toMatchObject({ code: 'BAD_MAPPING' })
})

test('a file with one column of titles, which have commas', async () => {
  const { books } = await importAll('Title\nEats, Shoots & Leaves\nEmma\n')
  expect(books).toMatchObject([{ title: 'Eats, Shoots & Leaves' }, { title: 'Emma' }])
})

test('the line with which Excel says its separator is no row', async () => {
  const { books } = await importAll('sep=;\r\nTitle;Author\r\nDune;Frank Herbert\r\n')
  expect(books).toMatchObject([{ row: 2, title: 'Dune' }])
})

test('columns with the same name, without one, or with a name that objects have', async () => {
  const { books } = await importAll('Title,Title,,__proto__\nDune,two,three,four\n')
  expect(books[0]?.raw).toEqual({ Title: 'Dune', 'Title (2)': 'two', 'column 3': 'three', '__proto__ (2)': 'four' })
})
