import { isUtf8 } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import { decodeWindows1252 } from '../source/windows-1252.js'
import type { Dialect } from './dialect.js'
import { splitFields } from './split-fields.js'
import type { Piece } from './split-records.js'

const LF = 0x0a
const CR = 0x0d

/** One record. Of an unclosed one, the fields are what stands between delimiters, for a person to mend. */
export interface ParsedRecord {
  readonly fields: readonly string[]
  readonly isUnclosed: boolean
}

/**
 * The fields of the records of a piece. Those that quotes have to do with are read by csv-parse.
 *
 * @param isMixed true where not all is UTF-8: each record that is not is read as windows-1252
 */
export function parseRecords(piece: Piece, dialect: Dialect, isMixed: boolean): Iterable<ParsedRecord> {
  if (isMixed && !isUtf8(piece.bytes)) return recordsOf(piece).flatMap((one) => [...parseUtf8(inUtf8(one), dialect)])
  return parseUtf8(piece, dialect)
}

function parseUtf8(piece: Piece, dialect: Dialect): Iterable<ParsedRecord> {
  if (piece.unclosedAt !== undefined) return [unclosed(piece, dialect)]
  const { bytes, ends, marked } = piece
  // Blanks around fields are left to the parser.
  const split = marked === undefined || dialect.trims ? undefined : splitFields({ bytes, ends, marked }, dialect.delimiter)
  if (split !== undefined) return split
  const records = fieldsOf(piece, dialect)
  if (records?.length === piece.ends.length) return records.map((fields) => ({ fields, isUnclosed: false }))
  // The parser sees other records than the splitter: one by one, so that the others are not touched.
  return recordsOf(piece).map((one) => {
    const [fields, ...more] = fieldsOf(one, dialect) ?? []
    return fields === undefined || more.length > 0 ? unclosed(one, dialect) : { fields, isUnclosed: false }
  })
}

function fieldsOf({ bytes, lineBreaks }: Piece, { delimiter, quotes, trims }: Dialect): string[][] | undefined {
  const ends = ['\r\n', '\n', '\r'].filter((lineBreak) => lineBreaks.has(lineBreak))
  try {
    return parse(bytes, {
      delimiter,
      quote: quotes ? '"' : null,
      escape: quotes ? '"' : null,
      relax_column_count: true,
      relax_quotes: true,
      trim: trims,
      record_delimiter: ends.length > 0 ? ends : '\n',
    })
  } catch {
    return undefined
  }
}

function recordsOf({ bytes, ends, lineBreaks, unclosedAt }: Piece): Piece[] {
  return ends.map((end, index) => {
    const one = bytes.subarray(index === 0 ? 0 : ends[index - 1], end)
    return { bytes: one, ends: [one.length], lineBreaks, unclosedAt }
  })
}

function inUtf8(one: Piece): Piece {
  if (isUtf8(one.bytes)) return one
  const bytes = Buffer.from(decodeWindows1252(one.bytes))
  const before = one.unclosedAt === undefined ? undefined : Buffer.from(decodeWindows1252(one.bytes.subarray(0, one.unclosedAt)))
  return { ...one, bytes, ends: [bytes.length], unclosedAt: before?.length }
}

/** What stands before the open quote is read, and what comes after cut at the delimiters: where that makes too many fields, the first has the most. */
function unclosed(piece: Piece, dialect: Dialect): ParsedRecord {
  const { bytes, unclosedAt = 0 } = piece
  const { delimiter, width } = dialect
  let end = bytes.length
  while (bytes[end - 1] === LF || bytes[end - 1] === CR) end--
  const [before = []] = unclosedAt === 0 ? [] : (fieldsOf({ ...piece, bytes: bytes.subarray(0, unclosedAt) }, dialect) ?? [])
  const fields = before.slice(0, -1)
  const parts = bytes.toString('utf8', unclosedAt, end).split(delimiter)
  const surplus = width === undefined ? 0 : Math.max(0, Math.min(fields.length + parts.length - width, parts.length - 1))
  const open = parts.splice(0, surplus + 1).join(delimiter)
  fields.push(...[open, ...parts].map((field) => (isQuoted(field) ? field.slice(1, -1) : field.replace(/^"/, ''))))
  return { fields, isUnclosed: true }
}

function isQuoted(field: string): boolean {
  return field.length > 1 && field.startsWith('"') && field.endsWith('"')
}
