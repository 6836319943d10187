import fc from 'fast-check'
import { stringify } from 'csv-stringify/sync'
import { expect, test } from 'vitest'
import { importAll } from './support/import-all.js'
import type { Imported } from './support/import-all.js'

const ENCODE = {
  'utf-8': (text: string) => Buffer.from(text),
  'utf-8 with a mark': (text: string) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'windows-1252': (text: string) => Buffer.from(text, 'latin1'),
} as const

const word = fc.constantFrom(
  'Dune',
  'Emma',
  'x',
  'Café',
  'a "b" c',
  'one, two',
  'semi; colon',
  'tab\tbed',
  'two\nlines',
  'cr\rhere',
  "'=1+1",
  '=cmd()',
  '-',
  '"',
  '""',
  '|',
  ' padded ',
)
const text = fc.oneof(
  word,
  fc.array(word, { maxLength: 3 }).map((words) => words.join(' ')),
)
const isbn = fc.constantFrom('', '9780439023498', '0452284244', '="0439023491"', '9780439023490', '9.78E+12')
const row = fc.tuple(text, text, isbn, fc.constantFrom('', '3', '8/10', 'bad'))
const rows = fc.array(row, { maxLength: 30 })
const style = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
  quoted: fc.boolean(),
  encoding: fc.constantFrom(...(Object.keys(ENCODE) as (keyof typeof ENCODE)[])),
})

const HEADER = ['Title', 'Author', 'ISBN', 'Rating']

function adds({ counts, outcomes, library }: Imported): void {
  expect(counts.imported + counts.duplicates + counts.failed + counts.blank).toBe(counts.rows)
  expect(counts.rows).toBe(library.rows)
  expect(outcomes.map((outcome) => outcome.row)).toEqual(Array.from({ length: counts.rows }, (_, index) => index + library.firstRow))
  for (const { kind, book, duplicateOf, errors } of outcomes) {
    expect(book !== undefined).toBe(kind === 'imported')
    expect(duplicateOf !== undefined).toBe(kind === 'duplicate')
    if (kind === 'failed') expect(errors).not.toEqual([])
  }
}

test('every record of a well-formed file has its outcome, whatever the delimiter, line ends, quotes and encoding', async () => {
  await fc.assert(
    fc.asyncProperty(rows, style, async (records, { encoding, ...options }) => {
      const csv = stringify([HEADER, ...records], { ...options, quoted_match: /[\r\n]/ })
      const imported = await importAll(ENCODE[encoding](csv))
      adds(imported)
      expect(imported.counts.rows).toBe(records.length)
      for (const [index, [title, , , rating]] of records.entries()) {
        const outcome = imported.outcomes[index]
        if (outcome?.kind === 'imported')
          expect(outcome.book?.raw).toMatchObject({ Title: title || undefined, Rating: rating || undefined })
      }
    }),
    { numRuns: 150 },
  )
})

const soup = fc
  .array(fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', ' ', 'a', 'é', '=', "'", '9780439023498', ';', '\t'), { maxLength: 80 })
  .map((parts) => parts.join(''))

test('whatever stands in a file, the counts add up, in whatever pieces it comes', async () => {
  await fc.assert(
    fc.asyncProperty(soup, async (content) => {
      adds(await importAll(`Title,ISBN,Author\n${content}`))
    }),
    { numRuns: 300 },
  )
})

test('a quote that is never closed costs one record among well-formed ones', async () => {
  const plain = fc.tuple(fc.stringMatching(/^[A-Za-z]{1,10}$/), fc.constantFrom('Ann', 'Last, First', 'Multi\nline', 'With "quotes"'))
  await fc.assert(
    fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 20 }), fc.array(plain, { maxLength: 20 }), async (before, after) => {
      const named = [...before, ...after].map(([title, author], index) => [`${title}${index}`, author])
      const head = stringify([['Title', 'Author'], ...named.slice(0, before.length)])
      const { counts, errors } = await importAll(`${head}"Broken,Somebody\n${stringify(named.slice(before.length), { quoted: true })}`)
      expect(counts).toEqual({ rows: named.length + 1, imported: named.length, duplicates: 0, failed: 1, blank: 0 })
      expect(errors).toMatchObject([{ row: before.length + 2, code: 'unclosed_quote' }])
    }),
    { numRuns: 100 },
  )
})
