import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { importOf } from '../support/import-of.js'
import { start } from '../support/start.js'

const server = onceForTests((atEnd) => start({ atEnd }))

const HEADER = 'Title,Author,ISBN13,My Rating,Date Read'

describe('what is no CSV is refused at its first bytes', () => {
  /** 100 MiB of nothing, as a workbook of some 100 KiB. */
  const bomb = Buffer.concat([Buffer.from('PK\u0003\u0004'), deflateRawSync(Buffer.alloc(100 * 1024 * 1024))])

  test.each([
    ['a PDF named .csv', '%PDF-1.7\n1 0 obj', 'library.csv', 'PDF'],
    ['a photo named .csv', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'library.csv', 'JPEG'],
    ['a zip bomb', bomb, 'library.xlsx', 'workbook'],
    ['a gzip bomb', gzipSync(Buffer.alloc(10 * 1024 * 1024)), 'library.csv.gz', 'gzip'],
  ])('%s', async (_, bytes, name, said) => {
    const form = new FormData()
    form.set('file', new Blob([bytes]), name)
    const answer = await server().ask('/v3/jobs/imports', { body: form })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'VALIDATION_ERROR', message: expect.stringContaining(said) } })
  })
})

describe('what takes reading fails the job with a reason', () => {
  const rows = (count: number): string => [HEADER, ...Array.from({ length: count }, (_, row) => `Book ${row},Ada Writer,,,`)].join('\n')

  test.each([
    ['5,001 rows', rows(5001), 'TOO_MANY_ROWS', '5000'],
    ['10,000 columns', `${Array.from({ length: 10_000 }, (_, column) => `Column ${column}`).join(',')}\nx`, 'TOO_MANY_COLUMNS', '500'],
    ['one line of 3 MB', `${HEADER}\n${'x'.repeat(3_000_000)}`, 'RECORD_TOO_LARGE', ''],
    ['a web page', '<!DOCTYPE html><html><body>Please sign in</body></html>', 'NOT_CSV', 'web page'],
    ['zero bytes only', Buffer.alloc(5000), 'NOT_CSV', ''],
  ])('%s', async (_, file, code, said) => {
    const { last, results } = await importOf(server(), file)
    expect(last).toMatchObject({ event: 'failed', data: { error: { code, message: expect.stringContaining(said), retryable: false } } })
    expect(results).toEqual([])
  })

  test('5,000 rows are none too many', async () => {
    const { counts } = await importOf(server(), rows(5000))
    expect(counts).toEqual({ rows: 5000, imported: 5000, duplicates: 0, failed: 0, blank: 0 })
  })
})

describe('what can be read is read, and every row is accounted for', () => {
  test.each([
    ['a header only', `${HEADER}\n`],
    ['white space only', ' \r\n\n'],
    ['a mark only', '\ufeff'],
  ])('%s', async (_, file) => {
    const { last, results, errors, counts } = await importOf(server(), file)
    expect(last).toMatchObject({ event: 'completed', data: { books: [], processedCount: 0 } })
    expect(results).toEqual([])
    expect(errors).toMatchObject([{ row: 1, code: 'no_rows' }])
    expect(counts).toEqual({ rows: 0, imported: 0, duplicates: 0, failed: 0, blank: 0 })
  })

  test('NUL bytes within texts', async () => {
    const { results } = await importOf(server(), `${HEADER}\nDu\u0000ne,Frank\u0000 Herbert,,,\n`)
    expect(results).toMatchObject([{ title: 'Dune', authors: ['Frank Herbert'] }])
  })

  test('some rows in UTF-8 and some in windows-1252', async () => {
    const utf8 = Buffer.from(`${HEADER}\nDas Schloß,Franz Kafka,,,\nLes Misérables,Victor Hugo,,,\n`)
    const { results, counts } = await importOf(server(), Buffer.concat([utf8, Buffer.from('Über Bücher,Jürgen Müller,,,\n', 'latin1')]))
    expect(counts).toMatchObject({ rows: 3, imported: 3 })
    expect(results.map(({ title }) => title)).toEqual(['Das Schloß', 'Les Misérables', 'Über Bücher'])
    expect(results[2]).toMatchObject({ authors: ['Jürgen Müller'] })
  })

  test('wrong check digits, ratings and dates cost no row', async () => {
    const { results, errors, counts } = await importOf(server(), `${HEADER}\nDune,Frank Herbert,9780441172710,7 stars,31/31/2020\n`)
    expect(counts).toMatchObject({ imported: 1, failed: 0 })
    expect(results).toMatchObject([{ title: 'Dune', isbn13: null, rating: null, dateRead: null }])
    expect(errors.map(({ code }) => code).toSorted()).toEqual(['invalid_date', 'invalid_isbn', 'invalid_rating'])
  })

  test('a quote that is never closed costs its record, not the rest', async () => {
    const { results, errors, counts } = await importOf(
      server(),
      `${HEADER}\nDune,Frank Herbert,,,\n"Emma,Jane Austen,,,\nUlysses,James Joyce,,,\n`,
    )
    expect(counts).toMatchObject({ rows: 3, imported: 2, failed: 1 })
    expect(results.map(({ title }) => title)).toEqual(['Dune', 'Ulysses'])
    expect(errors).toMatchObject([{ row: 3, code: 'unclosed_quote' }])
  })

  test('formulas in the rows that come back are none there', async () => {
    const formulas = [`=cmd|' /C calc'!A0`, '+1+1', '-2+3', '@SUM(A1)', '\t=1']
    const rows = formulas.map((formula) => `,"${formula}",,,`)
    const { counts, failedCsv } = await importOf(server(), [HEADER, ...rows].join('\n'))
    expect(counts).toMatchObject({ rows: formulas.length, failed: formulas.length })
    const cells = failedCsv?.split(/\r?\n/).flatMap((line) => line.split(','))
    expect(cells?.filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([])
    expect(failedCsv).toContain(`'=cmd|' /C calc'!A0`)
  })
})
