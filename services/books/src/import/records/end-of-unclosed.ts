import type { Dialect } from './dialect.js'
import { FieldMarks } from './field-marks.js'
import { scanRecord } from './scan-record.js'

const LF = 0x0a
const CR = 0x0d

/** So far behind the line of an open quote the next record is looked for, in bytes. */
const SEARCHED_BYTES = 64 * 1024

/**
 * Where a record ends whose quote is never closed: before the next line that is a record of its own, because it has as many fields as the header. The
 * lines between, of a review for example, belong to the record. Where no line has so many, it is the next one with several fields, or the last with text.
 *
 * @param quoteAt where the open quote is
 * @returns undefined where what was read so far does not tell
 */
export function endOfUnclosed(bytes: Buffer, quoteAt: number, isLast: boolean, dialect: Dialect): number | undefined {
  const first = endOfLine(bytes, quoteAt, isLast)
  const { width } = dialect
  if (first === undefined || width === undefined) return first
  const isAll = first + SEARCHED_BYTES >= bytes.length
  if (isAll && !isLast) return undefined
  const searched = bytes.subarray(0, isAll ? bytes.length : first + SEARCHED_BYTES)
  const marks = new FieldMarks()
  let several: number | undefined
  let withText = first
  for (let at = first; at < searched.length;) {
    const next = endOfLine(searched, at, true) ?? searched.length
    const fields = fieldsFrom(searched, at, next, dialect, marks)
    if (fields === width && !isBlank(searched, at, next)) return withText
    if (fields > 1) several ??= withText
    if (!isBlank(searched, at, next)) withText = next
    at = next
  }
  // A file whose rows are all shorter than its header.
  return several ?? (isAll ? withText : first)
}

/** How many fields the record has that begins with a line; where a quote is open there too, at most as many as the header has. */
function fieldsFrom(bytes: Buffer, at: number, next: number, dialect: Dialect, marks: FieldMarks): number {
  marks.count = 0
  const scanned = scanRecord(bytes, at, true, dialect, marks)
  if (scanned.what === 'record') return marks.count
  const delimiter = dialect.delimiter.charCodeAt(0)
  let fields = marks.count + 1
  for (let place = scanned.what === 'unclosed' ? scanned.quoteAt : at; place < next; place++) if (bytes[place] === delimiter) fields++
  return Math.min(fields, dialect.width ?? fields)
}

/** Whether a line has nothing but blanks. */
function isBlank(bytes: Buffer, from: number, to: number): boolean {
  return bytes.toString('latin1', from, to).trim() === ''
}

/** Behind the line break after a place; undefined where that is not known yet. */
function endOfLine(bytes: Buffer, place: number, isLast: boolean): number | undefined {
  for (let at = place; at < bytes.length; at++) {
    if (bytes[at] === LF) return at + 1
    if (bytes[at] !== CR) continue
    if (at + 1 === bytes.length && !isLast) return undefined
    return bytes[at + 1] === LF ? at + 2 : at + 1
  }
  return isLast ? bytes.length : undefined
}
