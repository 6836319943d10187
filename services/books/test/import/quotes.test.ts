import { expect, test } from 'vitest'
import { importAll } from './support/import-all.js'

const rest = 'Emma,"Austen, Jane",5\nUlysses,"Joyce, James",4\n'

test.each([
  ['before records with quotes', `Title,Author,Rating\n"Dune,Frank Herbert,5\n${rest}`],
  [
    'where every field has quotes',
    `"Title","Author","Rating"\n"Dune,"Frank Herbert","5"\n"Emma","Austen, Jane","5"\n"Ulysses","Joyce, James","4"\n`,
  ],
  [
    'where every field has quotes, at the end of a line',
    `"Title","Author","Rating"\n"Dune","Frank Herbert","5\n"Emma","Austen, Jane","5"\n"Ulysses","Joyce, James","4"\n`,
  ],
  [
    'where others are empty, with quotes',
    `Title,Author,Rating,Notes\n"Dune,Frank Herbert,5,""\nEmma,"Austen, Jane",5,""\nUlysses,"Joyce, James",4,"a ""b"" c"\n`,
  ],
])('a quote that is never closed costs that record only: %s', async (_, text) => {
  const { outcomes, counts } = await importAll(text)
  expect(counts).toEqual({ rows: 3, imported: 2, duplicates: 0, failed: 1, blank: 0 })
  expect(outcomes).toMatchObject([
    { row: 2, kind: 'failed', errors: [{ row: 2, code: 'unclosed_quote' }] },
    { row: 3, book: { title: 'Emma', authors: ['Jane Austen'], rating: 5 } },
    { row: 4, book: { title: 'Ulysses', authors: ['James Joyce'], rating: 4 } },
  ])
})

test('a quote that is never closed before records without quotes: found at the end of the file, or when it is open too long', async () => {
  const after = Array.from({ length: 4000 }, (_, index) => `Book ${index},Somebody with a name that is rather long ${index}`)
  const { counts, outcomes } = await importAll(['Title,Author', 'Dune,"Frank Herbert', ...after].join('\n'))
  expect(counts).toEqual({ rows: 4001, imported: 4000, duplicates: 0, failed: 1, blank: 0 })
  expect(outcomes[0]).toMatchObject({ kind: 'failed', fields: ['Dune', 'Frank Herbert'] })
  const short = await importAll('Title,Author\nDune,"Frank Herbert\nEmma,Jane Austen')
  expect(short.counts).toMatchObject({ rows: 2, imported: 1, failed: 1 })
})

test('many of them take no longer than few', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `Book ${index},"Some text that has no end ${'x'.repeat(200)} ${index}`)
  const { counts } = await importAll(['Title,Author', ...lines].join('\n'))
  expect(counts).toMatchObject({ rows: 5000 })
})

test('quotes that should have been doubled stay in the text', async () => {
  const { books, errors } = await importAll(
    'Title,Review\nDune,"He said "hi" twice, then left"\nThe "Best" of,x\n""Odd"" one,"two\nlines "here" too"\n',
  )
  expect(errors).toEqual([])
  expect(books).toMatchObject([
    { title: 'Dune', review: 'He said "hi" twice, then left' },
    { title: 'The "Best" of' },
    { title: '""Odd"" one', review: 'two\nlines "here" too' },
  ])
})

test('a record that fails has its fields for mending', async () => {
  const { outcomes } = await importAll('Title,Author,Rating\n"Dune,"Frank Herbert",5\nEmma,"Jane",5\n')
  expect(outcomes[0]).toMatchObject({ kind: 'failed', fields: ['Dune', 'Frank Herbert', '5'] })
})

test('a long review with line breaks of all kinds is one record', async () => {
  const review = Array.from({ length: 1000 }, (_, index) => `Line ${index}, with ""quotes""`).join('\r\n\n\r')
  const { books, counts } = await importAll(`Title,Review\r\nDune,"${review}"\r\nEmma,\r\n`)
  expect(counts).toMatchObject({ rows: 2, imported: 2 })
  expect(books[0]?.review).toBe(review.replaceAll('""', '"'))
})

test('blanks behind a closing quote don’t count', async () => {
  const { books, errors } = await importAll(
    'Title,Author,ISBN\n"The Hobbit" ,"Tolkien, J.R.R." ,9780618260300\n"Dune"  ,"Herbert, Frank" ,9780441013593\nEmma,"Jane ""J"" Austen" \n',
  )
  expect(errors).toEqual([])
  expect(books).toMatchObject([
    { title: 'The Hobbit', authors: ['J.R.R. Tolkien'], isbn13: '9780618260300' },
    { title: 'Dune', authors: ['Frank Herbert'], isbn13: '9780441013593' },
    { title: 'Emma', authors: ['Jane "J" Austen'] },
  ])
})

test('text behind a closing quote belongs to the field', async () => {
  const { books, errors } = await importAll(
    'Title,Author\n"S3"x,Au\n"S4" y,"Au"\n"S5, ""a"" "z"\n"Emma"s,"Jane, "x\nUlysses,"James Joyce"\n"Last"one,Au',
  )
  expect(errors).toEqual([])
  expect(books.map(({ title, raw }) => [title, raw['Author']])).toEqual([
    ['S3x', 'Au'],
    ['S4 y', 'Au'],
    ['S5, "a" "z', undefined],
    ['Emmas', 'Jane, x'],
    ['Ulysses', 'James Joyce'],
    ['Lastone', 'Au'],
  ])
})

test('the lines of a text whose quote is never closed belong to its record', async () => {
  const header = 'Title,Author,My Review'
  const rows = ['A2,Au,"fine"', 'A3,"Last, First","two\n\nlines"', 'A4,"in\nthe middle",x']
  for (const next of rows) {
    const { outcomes, counts } = await importAll(`${header}\nA1,"Some, One","good, he said\nline\n\nlast line\n${next}\nA5,Au,\n`)
    expect(counts).toMatchObject({ rows: 3, imported: 2, failed: 1, blank: 0 })
    expect(outcomes[0]).toMatchObject({ kind: 'failed', fields: ['A1', 'Some, One', 'good, he said\nline\n\nlast line'] })
    expect(outcomes[1]).toMatchObject({ row: 3, book: { title: next.slice(0, 2) } })
  }
})

test('a quote that is never closed at the end of a file, and in a file of short rows', async () => {
  const end = await importAll('Title,Author,My Review\nA1,Au,x\nA2,Au,"good\nline\n\nlast\n\n\n')
  expect(end.counts).toEqual({ rows: 4, imported: 1, duplicates: 0, failed: 1, blank: 2 })
  const short = await importAll('Title,Author,My Review\nA1,"Au\nA2,Au\nA3,Au\n')
  expect(short.counts).toMatchObject({ rows: 3, imported: 2, failed: 1 })
})
