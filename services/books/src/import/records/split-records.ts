import { ImportError } from '../import-error.js'
import { MAX_RECORD_BYTES } from '../limits.js'
import type { Dialect } from './dialect.js'
import { FieldMarks } from './field-marks.js'
import { scanRecord } from './scan-record.js'

/** Whole records that follow one another. */
export interface Piece {
  readonly bytes: Buffer
  /** Where each record ends, its line break included. */
  readonly ends: readonly number[]
  readonly lineBreaks: ReadonlySet<string>
  /** True: one record with a quote that is never closed, to the end of that quote's line. */
  readonly isUnclosed: boolean
  /** Where the fields are, until more is pushed. Undefined where that is not known. */
  readonly marked?: { readonly marks: Int32Array; readonly first: number; readonly from: number } | undefined
}

/** Records of one piece: few, so that what is made of them is gone soon; to begin with a piece takes the parser as long as some ten records. */
const RECORDS_AT_MOST = 1000
const LF = 0x0a
const CR = 0x0d
const QUOTE = Buffer.from('"')

/** Cuts a text that comes in pieces into whole records. Holds at most one record and one piece. */
export class RecordSplitter {
  readonly #dialect: Dialect
  readonly #marks: FieldMarks | undefined
  #rest: Buffer = Buffer.alloc(0)
  #records = 0

  /** @param marksFields whether the pieces say where the fields are */
  constructor(dialect: Dialect, { marksFields = false }: { readonly marksFields?: boolean } = {}) {
    this.#dialect = dialect
    this.#marks = marksFields ? new FieldMarks() : undefined
  }

  /** @throws ImportError RECORD_TOO_LARGE */
  push(chunk: Buffer): Piece[] {
    return this.#split(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false)
  }

  /** What is left when nothing more comes. */
  end(): Piece[] {
    return this.#split(this.#rest, true)
  }

  #split(bytes: Buffer, isLast: boolean): Piece[] {
    const pieces: Piece[] = []
    const marks = this.#marks
    if (marks !== undefined) marks.count = 0
    let from = 0
    let at = 0
    let firstMark = 0
    let ends: number[] = []
    let lineBreaks = new Set<string>()
    const flush = (): void => {
      const marked = marks && { marks: marks.marks, first: firstMark, from }
      if (ends.length > 0) pieces.push({ bytes: bytes.subarray(from, at), ends, lineBreaks, isUnclosed: false, marked })
      this.#records += ends.length
      ends = []
      lineBreaks = new Set()
    }
    const beginAt = (place: number): void => {
      at = from = place
      firstMark = marks?.count ?? 0
    }
    const alone = (record: Buffer, lineBreak: string, isUnclosed: boolean): void => {
      flush()
      pieces.push({ bytes: record, ends: [record.length], lineBreaks: new Set([lineBreak]), isUnclosed })
      this.#records++
    }
    while (at < bytes.length) {
      const scanned = scanRecord(bytes, at, isLast, this.#dialect, marks)
      if (scanned.what === 'more') break
      if (scanned.what === 'unclosed') {
        const end = endOfLine(bytes, scanned.quoteAt, isLast)
        if (end === undefined) break
        alone(bytes.subarray(at, end), '', true)
        beginAt(end)
      } else if (scanned.strays.length > 0) {
        alone(withQuotesAt(bytes, at, scanned.end, scanned.strays), scanned.lineBreak, false)
        beginAt(scanned.end)
      } else {
        at = scanned.end
        ends.push(at - from)
        lineBreaks.add(scanned.lineBreak)
        if (ends.length === RECORDS_AT_MOST) {
          flush()
          beginAt(at)
        }
      }
    }
    flush()
    this.#rest = bytes.subarray(at)
    if (this.#rest.length > MAX_RECORD_BYTES) {
      throw new ImportError('RECORD_TOO_LARGE', `Record ${this.#records + 1} is longer than ${MAX_RECORD_BYTES} bytes. Is this a CSV file?`)
    }
    return pieces
  }
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

/** A record in which quotes are doubled where they should have been. */
function withQuotesAt(bytes: Buffer, start: number, end: number, places: readonly number[]): Buffer {
  const parts: Buffer[] = []
  let at = start
  for (const place of places) {
    parts.push(bytes.subarray(at, place), QUOTE)
    at = place
  }
  return Buffer.concat([...parts, bytes.subarray(at, end)])
}
