import { expect, test } from 'vitest'
import { failedRowsCsv } from '@headway/books/import'
import { importAll } from './support/import-all.js'

async function failedRows(text: string): Promise<string> {
  const { library, outcomes } = await importAll(text)
  let csv = ''
  for await (const part of failedRowsCsv(library.header, [outcomes])) csv += part
  return csv
}

test('the failed rows with why, formulas neutralised', async () => {
  const csv = await failedRows(
    'Title,Author,ISBN,Notes\nDune,Frank Herbert,,\n,"=cmd|\' /C calc\'!A0",123,"@a, ""b"""\n"Broken,-1,+x,x\nEmma,,,\n',
  )
  const [header, first, second, ...more] = csv.split('\r\n')
  expect(header).toBe('\ufeffTitle,Author,ISBN,Notes,error')
  expect(first).toMatch(/^,'=cmd\|' \/C calc'!A0,123,"'@a, ""b""","?invalid_isbn: .*missing_title_and_isbn: /)
  expect(second).toMatch(/^Broken,-1,'\+x,x,"?unclosed_quote: /)
  expect(more).toEqual([''])
})

test('mended and sent again, the fields are as they were', async () => {
  const csv = await failedRows("Title,Author,Notes\n,=Author,'=quoted\n,\"-Other\",''@twice\n,plain,'plain\n")
  const mended = csv.replaceAll('\r\n,', '\r\nDune,')
  const { books } = await importAll(mended)
  expect(books).toMatchObject([
    { title: 'Dune', authors: ['=Author'], notes: "'=quoted" },
    { authors: ['-Other'], notes: "''@twice" },
    { authors: ['plain'], notes: "'plain" },
  ])
})

test('sent again without being mended, they fail again in the same columns', async () => {
  const csv = await failedRows('Title,Author\n,Ann\n')
  const { library, outcomes } = await importAll(csv)
  expect(outcomes).toMatchObject([{ kind: 'failed' }])
  let again = ''
  for await (const part of failedRowsCsv(library.header, [outcomes])) again += part
  expect(again).toBe(csv)
})

test('Goodreads’ ISBNs survive the way', async () => {
  const csv = await failedRows('Book Id,Title,Author,ISBN,Exclusive Shelf\n1,,Ann,"=""9780439023490""",read\n')
  const { books, library } = await importAll(csv.replace('9780439023490', '9780439023498'))
  expect(library.format).toBe('goodreads')
  expect(books).toMatchObject([{ isbn13: '9780439023498', shelf: 'read' }])
})

test('line breaks of all kinds stay within their field', async () => {
  const csv = await failedRows('Title,Author,Review\n,Au,"two\nlines"\n,Au,"cr\rlf"\n,Au,"both\r\nof them"\n')
  const { outcomes, counts } = await importAll(csv)
  expect(counts).toMatchObject({ rows: 3, failed: 3 })
  expect(outcomes.map(({ fields }) => fields?.[2])).toEqual(['two\nlines', 'cr\rlf', 'both\r\nof them'])
})

test('surplus fields of a failed row are reported, and kept behind the error', async () => {
  const text = 'Title,Author\n,Au,extra1,=2+3\n'
  const { errors } = await importAll(text)
  expect(errors).toMatchObject([{ code: 'extra_fields', value: 'extra1,=2+3' }, { code: 'missing_title_and_isbn' }])
  const csv = await failedRows(text)
  expect(csv).toMatch(/\r\n,Au,[^\r]*,extra1,'=2\+3\r\n$/)
  expect(await failedRows(csv)).toMatch(/\r\n,Au,[^\r]*,extra1,'=2\+3\r\n$/)
})

test('columns that have numbers for names are told by what is in them', async () => {
  const { books } = await importAll('column 1,column 2,column 3,error\r\nMended,Some One,9780618346257,invalid_isbn: x\r\n')
  expect(books).toMatchObject([{ title: 'Mended', authors: ['Some One'], isbn13: '9780618346257' }])
})

test('rows of a file without a header keep their columns when they are mended and sent again', async () => {
  const csv = await failedRows('9780441013593,Dune,Frank Herbert\n9780452284241,1984,George Orwell\n9780141439580,,Jane Austen\n')
  expect(csv).toContain('column 1,column 2,column 3,error')
  const mended = csv.replace('9780141439580,,', '9780141439587,Emma,')
  const { books } = await importAll(mended)
  expect(books[0]).toMatchObject({ isbn13: '9780141439587', title: 'Emma', authors: ['Jane Austen'] })
})
