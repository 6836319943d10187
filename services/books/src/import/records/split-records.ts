import { ImportError } from '../import-error.js'
import { MAX_RECORD_BYTES } from '../limits.js'
import type { Dialect } from './dialect.js'
import { FieldMarks } from './field-marks.js'
import { endOfUnclosed } from './end-of-unclosed.js'
import { scanRecord } from './scan-record.js'
import type { Edit } from './scan-record.js'

/** Whole records that follow one another. */
export interface Piece {
  readonly bytes: Buffer
  /** Where each record ends, its line break included. */
  readonly ends: readonly number[]
  readonly lineBreaks: ReadonlySet<string>
  /** Of one record with a quote that is never closed: where that is. */
  readonly unclosedAt?: number | undefined
  /** Where the fields are, until more is pushed. Undefined where that is not known. */
  readonly marked?: { readonly marks: Int32Array; readonly first: number; readonly from: number } | undefined
}

/** Records of one piece: few, so that what is made of them is gone soon; to begin with a piece takes the parser as long as some ten records. */
const RECORDS_AT_MOST = 1000
const QUOTE = Buffer.from('"')
const NOTHING = Buffer.alloc(0)

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
      if (ends.length > 0) pieces.push({ bytes: bytes.subarray(from, at), ends, lineBreaks, marked })
      this.#records += ends.length
      ends = []
      lineBreaks = new Set()
    }
    const beginAt = (place: number): void => {
      at = from = place
      firstMark = marks?.count ?? 0
    }
    const alone = (record: Buffer, lineBreak: string, unclosedAt?: number): void => {
      flush()
      pieces.push({ bytes: record, ends: [record.length], lineBreaks: new Set([lineBreak]), unclosedAt })
      this.#records++
    }
    while (at < bytes.length) {
      const scanned = scanRecord(bytes, at, isLast, this.#dialect, marks)
      if (scanned.what === 'more') break
      if (scanned.what === 'unclosed') {
        const end = endOfUnclosed(bytes, scanned.quoteAt, isLast, this.#dialect)
        if (end === undefined) break
        alone(bytes.subarray(at, end), '', scanned.quoteAt - at)
        beginAt(end)
      } else if (scanned.edits.length > 0) {
        alone(edited(bytes, at, scanned.end, scanned.edits), scanned.lineBreak)
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

/** A record in which what is not well-formed is. */
function edited(bytes: Buffer, start: number, end: number, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = []
  let at = start
  for (const { from, to, put } of edits) {
    parts.push(bytes.subarray(at, from), put === '' ? NOTHING : QUOTE)
    at = to
  }
  return Buffer.concat([...parts, bytes.subarray(at, end)])
}
