import { parse } from 'csv-parse/sync'
import type { Delimiter } from './dialect.js'
import { LAST, MARK_BITS, QUOTED, WIDE } from './field-marks.js'
import type { Piece } from './split-records.js'

const LF = 0x0a

/** A piece whose fields are marked. */
type MarkedPiece = Pick<Piece, 'bytes' | 'ends'> & { readonly marked: NonNullable<Piece['marked']> }

/**
 * The fields of a piece of UTF-8. A field without a quote at its beginning is what stands there; those with one are read by csv-parse, all at once.
 *
 * @returns undefined where the parser sees other fields than are marked
 */
export function splitFields({ bytes, ends, marked }: MarkedPiece, delimiter: Delimiter): string[][] | undefined {
  const { marks, from } = marked
  const quoted = quotedFields({ bytes, ends, marked }, delimiter)
  if (quoted === undefined) return undefined
  // Characters at the places of their bytes: right for ASCII.
  const text = bytes.toString('latin1')
  let mark = marked.first
  let nextQuoted = 0
  let at = 0
  return ends.map((recordEnd) => {
    const fields: string[] = []
    for (let isLast = false; !isLast; mark++) {
      const value = marks[mark] ?? LAST
      const end = (value >> MARK_BITS) - from
      isLast = (value & LAST) !== 0
      if ((value & QUOTED) !== 0) fields.push(quoted[nextQuoted++] ?? '')
      else fields.push((value & WIDE) === 0 ? text.slice(at, end) : bytes.toString('utf8', at, end))
      at = end + 1
    }
    at = recordEnd
    return fields
  })
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
