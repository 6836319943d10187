import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inspectLibrary } from '@headway/books/import'
import { importAll } from './support/import-all.js'

test.each([
  ['a mark only', Buffer.from([0xef, 0xbb, 0xbf])],
  ['white space only', Buffer.from(' \r\n\n\t\n')],
  ['delimiters only', Buffer.from('sep=;\n;;\n;;\n')],
])('a file without any row has none: %s', async (_, bytes) => {
  const { outcomes, library } = await importAll(bytes)
  expect(outcomes).toEqual([])
  expect(library.rows).toBe(0)
})

test('a file of 0 bytes is refused', async () => {
  await expect(inspectLibrary(Buffer.alloc(0))).rejects.toMatchObject({ name: 'ImportError', code: 'EMPTY_FILE' })
})

test.each([
  ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj')],
  ['PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46])],
  ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1')],
  // However much it would unpack to, nothing is unpacked.
  ['XLSX', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000, 7)])],
  ['XLS', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
  ['gzip', gzipSync(Buffer.alloc(1_000_000))],
  ['web page', Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>')],
  ['JSON', Buffer.from('[{"title": "Dune"}]')],
  ['no text', Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 7) % 256))],
  ['no text', Buffer.alloc(5000)],
])('what is no CSV is said: %s', async (kind, bytes) => {
  await expect(inspectLibrary(bytes)).rejects.toMatchObject({ code: 'NOT_CSV', message: expect.stringContaining(kind) as string })
})

test('a header only has no rows', async () => {
  const { library, outcomes } = await importAll('Title,Author,ISBN\n')
  expect(library.rows).toBe(0)
  expect(outcomes).toEqual([])
})

test('too many rows: the limit is in the message; as many as the limit are fine', async () => {
  const rows = (count: number): string => `Title\n${Array.from({ length: count }, (_, index) => `Book ${index}\n`).join('')}`
  await expect(inspectLibrary(Buffer.from(rows(5001)))).rejects.toMatchObject({
    code: 'TOO_MANY_ROWS',
    message: expect.stringContaining('5000') as string,
    details: { maxRows: 5000 },
  })
  expect((await importAll(rows(5000))).counts).toMatchObject({ rows: 5000, imported: 5000 })
  await expect(inspectLibrary(Buffer.from(rows(11)), { maxRows: 10 })).rejects.toMatchObject({ code: 'TOO_MANY_ROWS' })
})

test('10,000 columns', async () => {
  const header = Array.from({ length: 10_000 }, (_, index) => `a column with a long name, number ${index}`).map((name) =>
    JSON.stringify(name),
  )
  await expect(inspectLibrary(Buffer.from(`${header.join(',')}\n`))).rejects.toMatchObject({ code: 'TOO_MANY_COLUMNS' })
  await expect(inspectLibrary(Buffer.from(`${'Title,'.repeat(10_000)}\n`))).rejects.toMatchObject({ code: 'TOO_MANY_COLUMNS' })
})

test('a text without any line break is refused, not waited for', async () => {
  await expect(inspectLibrary(Buffer.from(`Title\n${'x'.repeat(3_000_000)}`))).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
})

test('a file that is not there', async () => {
  await expect(inspectLibrary('/nowhere/library.csv')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

test('zero bytes within a text are left out', async () => {
  const { books } = await importAll('Title,Author\nDu\0ne,Frank\0 Herbert\n')
  expect(books).toMatchObject([{ title: 'Dune', authors: ['Frank Herbert'] }])
})

test('mixed encodings: each record is read as what it is', async () => {
  const { library, books } = await importAll(
    Buffer.concat([
      Buffer.from('Title\nCafé Europa\n'),
      Buffer.from('Les Misérables\n', 'latin1'),
      Buffer.from([0x93, 0x41, 0x94, 0x20, 0x80, 10]),
    ]),
  )
  expect(library).toMatchObject({ encoding: 'windows-1252', isMixed: true })
  expect(books.map(({ title }) => title)).toEqual(['Café Europa', 'Les Misérables', '“A” €'])
})

test('ragged rows: what is missing is empty, what is too much is reported and kept', async () => {
  const { outcomes } = await importAll('Title,Author,ISBN\nDune\nEmma,Jane Austen,,one,two\nUlysses,James Joyce,,,\n')
  expect(outcomes).toMatchObject([
    { kind: 'imported', book: { title: 'Dune', authors: [], isbn13: null }, errors: [] },
    {
      kind: 'imported',
      book: { title: 'Emma', raw: { extra_fields: ['one', 'two'] } },
      errors: [{ row: 3, code: 'extra_fields', value: 'one,two' }],
    },
    { kind: 'imported', book: { title: 'Ulysses' }, errors: [] },
  ])
})

test('blank rows are counted, without an error', async () => {
  const { counts, errors, books } = await importAll('Title,Author\n\nDune,Frank Herbert\n,\n  ,\t\nEmma,\n\n')
  expect(counts).toEqual({ rows: 6, imported: 2, duplicates: 0, failed: 0, blank: 4 })
  expect(errors).toEqual([])
  expect(books).toMatchObject([{ row: 3 }, { row: 6 }])
})

test('rows without title and ISBN fail, whatever else they have', async () => {
  const { outcomes } = await importAll('Title,Author,ISBN\n,Frank Herbert,\n,,123\n,,9780439023498\n')
  expect(outcomes).toMatchObject([
    { kind: 'failed', fields: ['', 'Frank Herbert', ''], errors: [{ row: 2, code: 'missing_title_and_isbn' }] },
    { kind: 'failed', errors: [{ code: 'invalid_isbn' }, { row: 3, code: 'missing_title_and_isbn' }] },
    { kind: 'imported', book: { title: '', isbn13: '9780439023498' } },
  ])
})

test('duplicates: the same ISBN, or none and the same title and first author; editions with other ISBNs stay', async () => {
  const { outcomes, counts } = await importAll(
    [
      'Title,Author,ISBN',
      'Catching Fire,Suzanne Collins,9780439023498',
      'CATCHING FIRE,"Collins, Suzanne",0439023491',
      'Catching Fire,Suzanne Collins,9780545586177',
      'Café Müller,Ann Other,',
      '"Cafe  Muller!",ann other,',
      'Café Müller,Somebody Else,',
      '!!!,Ann Other,',
      '???,Ann Other,',
    ].join('\n'),
  )
  expect(outcomes.map(({ kind, duplicateOf }) => [kind, duplicateOf])).toEqual([
    ['imported', undefined],
    ['duplicate', 2],
    ['imported', undefined],
    ['imported', undefined],
    ['duplicate', 5],
    ['imported', undefined],
    ['imported', undefined],
    ['imported', undefined],
  ])
  expect(counts).toEqual({ rows: 8, imported: 6, duplicates: 2, failed: 0, blank: 0 })
  expect(outcomes[1]?.errors).toEqual([
    { row: 3, code: 'duplicate', message: expect.stringContaining('row 2') as string, value: '9780439023498' },
  ])
})

test('fields that take long to match do not', async () => {
  const long = '1-'.repeat(100_000)
  const { books } = await importAll(
    `Title,Author,ISBN,Rating,Date Read,Pages\n${['(#', ',a', '9 ', '1 ', '1-', '1,'].map((part) => `"${part.repeat(15_000)}"`).join(',')}\nx,"${long}",,,,\n`,
  )
  expect(books).toHaveLength(2)
})
