import { parse } from 'csv-parse/sync'
import type { Delimiter } from './dialect.js'
import { LAST, MARK_BITS, QUOTED, WIDE } from './field-marks.js'
import type { ParsedRecord } from './parse-records.js'
import type { Piece } from './split-records.js'

const LF = 0x0a

/** A piece whose fields are marked. */
type MarkedPiece = Pick<Piece, 'bytes' | 'ends'> & { readonly marked: NonNullable<Piece['marked']> }

/**
 * The records of a piece of UTF-8. A field without a quote at its beginning is what stands there; those with one are read by csv-parse, all at once.
 *
 * @returns to be read before more is pushed to the splitter; undefined where the parser sees other fields than are marked
 */
export function splitFields(piece: MarkedPiece, delimiter: Delimiter): Iterable<ParsedRecord> | undefined {
  const quoted = quotedFields(piece, delimiter)
  return quoted === undefined ? undefined : recordsWith(quoted, piece)
}

/** One record after the other, when it is asked for: so few texts are there at once that most are gone before they cost anything. */
function* recordsWith(quoted: readonly string[], { bytes, ends, marked }: MarkedPiece): Generator<ParsedRecord> {
  const { marks, from } = marked
  // Characters at the places of their bytes: right for ASCII.
  const text = bytes.toString('latin1')
  let mark = marked.first
  let nextQuoted = 0
  let at = 0
  for (const recordEnd of ends) {
    const fields: string[] = []
    for (let isLast = false; !isLast; mark++) {
      const value = marks[mark] ?? LAST
      const end = (value >> MARK_BITS) - from
      isLast = (value & LAST) !== 0
      if ((value & QUOTED) !== 0) fields.push(quoted[nextQuoted++] ?? '')
      else if (end === at) fields.push('')
      else fields.push((value & WIDE) === 0 ? text.slice(at, end) : bytes.toString('utf8', at, end))
      at = end + 1
    }
    at = recordEnd
    yield { fields, isUnclosed: false }
  }
}

/** What the fields with quotes hold. For csv-parse they are one record: none is compared with another then. */
function quotedFields({ bytes, ends, marked }: MarkedPiece, delimiter: Delimiter): readonly string[] | undefined {
  const { marks, first, from } = marked
  const delimiterByte = delimiter.charCodeAt(0)
  const record = Buffer.allocUnsafe(bytes.length + 1)
  let length = 0
  let count = 0
  let mark = first
  let at = 0
  for (const recordEnd of ends) {
    for (let isLast = false; !isLast; mark++) {
      const value = marks[mark] ?? LAST
      const end = (value >> MARK_BITS) - from
      isLast = (value & LAST) !== 0
      if ((value & QUOTED) !== 0) {
        while (at < end) record[length++] = bytes[at++] as number
        record[length++] = delimiterByte
        count++
      }
      at = end + 1
    }
    at = recordEnd
  }
  if (count === 0) return []
  record[length - 1] = LF
  try {
    const [fields, ...more] = parse(record.subarray(0, length), { delimiter, relax_quotes: true, record_delimiter: '\n' })
    return fields?.length === count && more.length === 0 ? fields : undefined
  } catch {
    return undefined
  }
}
