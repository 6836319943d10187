import { MAX_QUOTED_RECORD_BYTES } from '../limits.js'
import { DELIMITERS } from './dialect.js'
import type { Delimiter, Dialect } from './dialect.js'
import type { FieldMarks } from './field-marks.js'
import { LAST, QUOTED, WIDE } from './field-marks.js'

const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20

/** The bytes from one place to before another are replaced: a quote is doubled, or what stands behind a quoted field is taken into it or away. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly put: '' | '"'
}

/** What stands at one place of a text. A record ends after its line break. */
export type Scanned =
  | {
      readonly what: 'record'
      readonly end: number
      readonly lineBreak: '' | '\n' | '\r' | '\r\n'
      /** What must be changed for the record to be well-formed, in its order. */
      readonly edits: readonly Edit[]
    }
  /** A quote is never closed. Where its record ends is for others to say. */
  | { readonly what: 'unclosed'; readonly quoteAt: number }
  /** What was read so far does not tell. */
  | { readonly what: 'more' }

const MORE: Scanned = { what: 'more' }
const NO_EDITS: readonly Edit[] = []

const ASCII_AT_MOST = 0x7f

/** Which bytes mean anything where the fields don't matter: with quotes and without. */
const ENDS = { quotes: specialBytes([QUOTE, LF, CR]), plain: specialBytes([LF, CR]) }
/** And where they do, for each delimiter. */
const FIELDS = { quotes: byDelimiter([QUOTE, LF, CR]), plain: byDelimiter([LF, CR]) }

function specialBytes(bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256)
  for (const byte of bytes) table[byte] = 1
  return table
}

function byDelimiter(bytes: readonly number[]): Readonly<Record<Delimiter, Uint8Array>> {
  const tables = DELIMITERS.map((delimiter) => [delimiter, specialBytes([...bytes, delimiter.charCodeAt(0)])] as const)
  return Object.fromEntries(tables) as Record<Delimiter, Uint8Array>
}

/**
 * Finds where a record ends. CR, LF and CRLF end a line. Within quotes, a quote that no delimiter or line break follows is a character that should
 * have been doubled, unless a delimiter or a line break stands before it: then it opens a field, and the one before was never closed, or was by a quote
 * with text behind it. Blanks behind a closing quote don't count. A well-formed file has none of that.
 *
 * @param bytes every ASCII character is one byte
 * @param start where the record begins
 * @param isLast whether nothing comes after these bytes
 * @param fields where the ends of the fields are marked, also of what turns out to be no record; undefined: nobody wants to know
 */
export function scanRecord(bytes: Buffer, start: number, isLast: boolean, dialect: Dialect, fields?: FieldMarks): Scanned {
  const { length } = bytes
  const { trims } = dialect
  const delimiter = dialect.delimiter.charCodeAt(0)
  const highest = fields === undefined ? QUOTE : Math.max(delimiter, QUOTE)
  const kind = dialect.quotes ? 'quotes' : 'plain'
  const special = fields === undefined ? ENDS[kind] : FIELDS[kind][dialect.delimiter]
  let around: Around | undefined
  // What is said of the field, and all of its bytes outside of quotes.
  let said = 0
  let all = 0
  let at = start
  while (at < length) {
    // Most bytes are of no interest.
    let byte = bytes[at] as number
    while (byte > highest || special[byte] === 0) {
      all |= byte
      if (++at === length) break
      byte = bytes[at] as number
    }
    if (at === length) break
    if (byte === LF || byte === CR) {
      if (byte === CR && at + 1 === length && !isLast) return MORE
      fields?.add(at, said | LAST | (all > ASCII_AT_MOST ? WIDE : 0))
      const lineBreak = byte === LF ? '\n' : bytes[at + 1] === LF ? '\r\n' : '\r'
      return { what: 'record', end: at + lineBreak.length, lineBreak, edits: around?.edits ?? NO_EDITS }
    }
    if (byte === delimiter) {
      fields?.add(at, said | (all > ASCII_AT_MOST ? WIDE : 0))
      said = all = 0
      at++
    } else if (isFieldStart(bytes, at, start, delimiter, trims)) {
      const opening = at
      const run = runOfQuotes(bytes, at)
      said = QUOTED
      at += run
      if (at === length && !isLast) return MORE
      // An even run is a whole field (`""`), or text that begins with quotes but is not quoted.
      if (run % 2 === 0) continue
      around ??= { start, isLast, delimiter, trims, edits: undefined }
      const closed = closeQuote(bytes, at, around)
      if (closed === UNCLOSED) return { what: 'unclosed', quoteAt: opening }
      if (closed === UNSURE) return MORE
      at = closed
    } else {
      at++
    }
  }
  if (!isLast) return MORE
  fields?.add(length, said | LAST | (all > ASCII_AT_MOST ? WIDE : 0))
  return { what: 'record', end: length, lineBreak: '', edits: around?.edits ?? NO_EDITS }
}

/** Whether nothing, or only blanks that don't count, stands between a place outside of quotes and the delimiter before it. */
function isFieldStart(bytes: Buffer, at: number, start: number, delimiter: number, trims: boolean): boolean {
  let before = at - 1
  if (trims) while (before >= start && bytes[before] === SPACE) before--
  return before < start || bytes[before] === delimiter
}

function behindBlanks(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === SPACE) at++
  return at
}

/** What a quoted field has to know of its record. */
interface Around {
  readonly start: number
  readonly isLast: boolean
  readonly delimiter: number
  readonly trims: boolean
  edits: Edit[] | undefined
}

/** Instead of a place: the quote is never closed, or what was read so far does not tell. */
const UNCLOSED = -1
const UNSURE = -2

/** Goes on behind an opening quote and its run, to behind the closing one. */
function closeQuote(bytes: Buffer, from: number, around: Around): number {
  const { start, isLast, delimiter, trims } = around
  const { length } = bytes
  const limit = Math.min(length, start + MAX_QUOTED_RECORD_BYTES)
  // Quotes that should have been doubled. Those of a field that is never closed are none.
  let strays: number[] | undefined
  let at = from
  for (;;) {
    const quote = nextQuote(bytes, at, limit)
    if (quote === -1) {
      if (!isLast && length - start < MAX_QUOTED_RECORD_BYTES) return UNSURE
      return strays === undefined ? UNCLOSED : closeBeforeText(bytes, strays, around)
    }
    const run = runOfQuotes(bytes, quote)
    at = quote + run
    if (at === length && !isLast) return UNSURE
    if (run % 2 === 0) continue
    const next = behindBlanks(bytes, at)
    if (next === length && !isLast) return UNSURE
    if (next === length || isEnd(bytes[next] as number, delimiter)) {
      for (const stray of strays ?? []) (around.edits ??= []).push({ from: stray, to: stray, put: '"' })
      if (next > at && !trims) (around.edits ??= []).push({ from: at, to: next, put: '' })
      return next
    }
    if (isEnd(bytes[quote - 1] as number, delimiter)) return strays === undefined ? UNCLOSED : closeBeforeText(bytes, strays, around)
    ;(strays ??= []).push(at)
  }
}

/**
 * A quoted field that ends with text, as in `"Dune"x,`: the text is part of it. Where the quotes of the line come in pairs (`"He said "hi" to her,`) it is
 * the last one that is missing.
 *
 * @param strays behind each quote with text behind it
 */
function closeBeforeText(bytes: Buffer, strays: readonly number[], around: Around): number {
  const { isLast, delimiter } = around
  const { length } = bytes
  const first = strays[0] ?? length
  let lineEnd = first
  while (lineEnd < length && bytes[lineEnd] !== LF && bytes[lineEnd] !== CR) lineEnd++
  if (lineEnd === length && !isLast) return UNSURE
  let onLine = 0
  while (onLine < strays.length && (strays[onLine] as number) <= lineEnd) onLine++
  if (onLine % 2 === 0) return UNCLOSED
  const edits = (around.edits ??= [])
  edits.push({ from: first - 1, to: first, put: '' })
  let at = first
  for (; at < length && !isEnd(bytes[at] as number, delimiter); at++) if (bytes[at] === QUOTE) edits.push({ from: at, to: at, put: '"' })
  edits.push({ from: at, to: at, put: '"' })
  return at
}

/** So near, a quote is found faster byte by byte. */
const NEAR = 64

function nextQuote(bytes: Buffer, from: number, limit: number): number {
  const near = Math.min(limit, from + NEAR)
  for (let at = from; at < near; at++) if (bytes[at] === QUOTE) return at
  const far = near < limit ? bytes.indexOf(QUOTE, near) : -1
  return far < limit ? far : -1
}

function isEnd(byte: number, delimiter: number): boolean {
  return byte === delimiter || byte === LF || byte === CR
}

function runOfQuotes(bytes: Buffer, at: number): number {
  const { length } = bytes
  let end = at + 1
  while (end < length && bytes[end] === QUOTE) end++
  return end - at
}
