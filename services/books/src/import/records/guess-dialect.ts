import { SAMPLE_RECORDS } from '../limits.js'
import { DELIMITERS } from './dialect.js'
import type { Delimiter, Dialect } from './dialect.js'
import { FieldMarks } from './field-marks.js'
import { parseRecords } from './parse-records.js'
import { scanRecord } from './scan-record.js'
import { RecordSplitter } from './split-records.js'
import type { Piece } from './split-records.js'

/** A line that Excel reads and doesn't show: `sep=;`. */
export const SEPARATOR_LINE = /^"?sep=([,;|\t])"?(?:\r\n|\n|\r|$)/i

export interface GuessedDialect {
  readonly dialect: Dialect
  /** True where the first record only says which delimiter there is. */
  readonly hasSeparatorLine: boolean
}

/**
 * Finds the delimiter by how alike in width the first records are, and whether quotes quote.
 *
 * @param head the beginning of the text
 * @param isWhole whether that is all of it
 */
export function guessDialect(head: Buffer, isWhole: boolean): GuessedDialect {
  const said = SEPARATOR_LINE.exec(head.subarray(0, 16).toString('latin1'))
  const delimiter = (said?.[1] as Delimiter | undefined) ?? guessDelimiter(head, isWhole)
  const quoted: Dialect = { delimiter, quotes: true, trims: false }
  const hasSeparatorLine = said !== null
  // LibraryThing writes tabs and no quotes: a quote in a review is only a quote.
  if (delimiter === '\t') {
    const plain: Dialect = { ...quoted, quotes: false }
    return {
      dialect: consistency(head, isWhole, plain, true).alike > consistency(head, isWhole, quoted, true).alike ? plain : quoted,
      hasSeparatorLine,
    }
  }
  const trims = sampleRecords(head, isWhole, quoted).some((fields) => fields.some((field) => /^ +"/.test(field)))
  return { dialect: { ...quoted, trims }, hasSeparatorLine }
}

const SAMPLE_STEP_BYTES = 32 * 1024

/** The first records of a text, as they are; those with an open quote are left out. */
export function sampleRecords(head: Buffer, isWhole: boolean, dialect: Dialect, count = SAMPLE_RECORDS): readonly (readonly string[])[] {
  const splitter = new RecordSplitter(dialect)
  const records: (readonly string[])[] = []
  const add = (pieces: readonly Piece[]): void => {
    for (const piece of pieces) {
      for (const { fields, isUnclosed } of parseRecords(firstOf(piece, count - records.length), dialect, true))
        if (!isUnclosed) records.push(fields)
      if (records.length >= count) break
    }
  }
  // Mostly the first step is enough.
  for (let at = 0; at < head.length && records.length < count; at += SAMPLE_STEP_BYTES) {
    add(splitter.push(head.subarray(at, at + SAMPLE_STEP_BYTES)))
  }
  if (isWhole && records.length < count) add(splitter.end())
  return records.slice(0, count)
}

function firstOf(piece: Piece, count: number): Piece {
  const end = piece.ends[count - 1]
  return end === undefined ? piece : { ...piece, bytes: piece.bytes.subarray(0, end), ends: piece.ends.slice(0, count) }
}

function guessDelimiter(head: Buffer, isWhole: boolean): Delimiter {
  const scores = DELIMITERS.map((delimiter) => {
    const { alike, width, records } = consistency(head, isWhole, { delimiter, quotes: true, trims: false })
    return { delimiter, width, share: records === 0 ? 0 : alike / records }
  }).filter(({ width }) => width > 1)
  const [best] = scores.toSorted((a, b) => b.share - a.share || b.width - a.width)
  // One column only: what separates nothing here.
  return best?.delimiter ?? DELIMITERS.find((delimiter) => !head.includes(delimiter)) ?? ','
}

/**
 * How many of the first records are as wide as the header. Blank lines don't count.
 *
 * @param isStrict whether records whose quotes are not well-formed are like no other
 */
function consistency(
  head: Buffer,
  isWhole: boolean,
  dialect: Dialect,
  isStrict = false,
): { alike: number; width: number; records: number } {
  const widths: number[] = []
  const fields = new FieldMarks()
  let at = 0
  while (at < head.length && widths.length < SAMPLE_RECORDS) {
    fields.count = 0
    const scanned = scanRecord(head, at, isWhole, dialect, fields)
    if (scanned.what === 'more') break
    if (scanned.what === 'unclosed') {
      const end = head.indexOf('\n', scanned.quoteAt)
      widths.push(0)
      if (end === -1) break
      at = end + 1
      continue
    }
    if (scanned.end - at > scanned.lineBreak.length) widths.push(isStrict && scanned.edits.length > 0 ? 0 : fields.count)
    at = scanned.end
  }
  const [width = 0] = widths
  return { alike: widths.filter((other) => other === width && other > 0).length, width, records: widths.length }
}
