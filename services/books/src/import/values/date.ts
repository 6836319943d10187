import { monthOf } from '../../dates.js'

/** What comes first in `3/4/2023`. */
export type DateOrder = 'mdy' | 'dmy'

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** What databases write where there is no date: no year is called so. */
const NO_YEAR = '0000'

/** Longer ones are no dates and no ranges, in characters. */
const LENGTH_AT_MOST = 64

const ISO = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ]\d{1,2}:\d{2}.*)?$/
const NUMBERS = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,]+\d{1,2}:\d{2}.*)?$/
const MONTH_YEAR = /^(\d{1,2})[/.-](\d{4})$/
const DAY_WORD = /^(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})$/i
const WORD_DAY = /^(?:[a-z]{3,9},\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/i
const WORD_YEAR = /^([a-z]{3,9})\.?,?\s+(\d{4})$/i

/**
 * A date as ISO; what is partial stays partial (`1998`, `2023-02`). Undefined where it is no date.
 *
 * @param field not empty
 */
export function readDate(field: string, order: DateOrder): string | undefined {
  const plain = field.length === 10 ? plainDate(field) : undefined
  if (plain !== undefined) return plain
  if (field.length === 4 && Number(field) > 999 && !field.includes('.')) return field
  const text = field.trim()
  if (text.length > LENGTH_AT_MOST) return undefined
  const iso = ISO.exec(text)
  if (iso !== null) return isoOf(iso[1], iso[2], iso[3])
  const numbers = NUMBERS.exec(text)
  if (numbers !== null) {
    const [, first = '', separator, second = '', year = ''] = numbers
    const dayFirst = Number(first) > 12 || (Number(second) <= 12 && (separator === '.' || order === 'dmy'))
    const whole = year.length === 2 ? wholeYear(year) : year
    return dayFirst ? isoOf(whole, second, first) : isoOf(whole, first, second)
  }
  const short = MONTH_YEAR.exec(text)
  if (short !== null) return isoOf(short[2], short[1], undefined)
  const dayWord = DAY_WORD.exec(text)
  if (dayWord !== null) return isoOf(dayWord[3], monthText(dayWord[2]), dayWord[1])
  const wordDay = WORD_DAY.exec(text)
  if (wordDay !== null) return isoOf(wordDay[3], monthText(wordDay[1]), wordDay[2])
  const wordYear = WORD_YEAR.exec(text)
  return wordYear === null ? undefined : isoOf(wordYear[2], monthText(wordYear[1]), undefined)
}

/** `2023/12/31` and `2023-12-31`, which nearly all are. Undefined for all that needs a closer look. */
function plainDate(field: string): string | undefined {
  const separator = field[4]
  if ((separator !== '/' && separator !== '-') || field[7] !== separator) return undefined
  for (let at = 0; at < 10; at++) {
    const code = field.charCodeAt(at)
    if (at !== 4 && at !== 7 && (code < 48 || code > 57)) return undefined
  }
  const month = (field.charCodeAt(5) - 48) * 10 + field.charCodeAt(6) - 48
  const day = (field.charCodeAt(8) - 48) * 10 + field.charCodeAt(9) - 48
  if (month < 1 || month > 12 || day < 1 || day > 28 || field.startsWith(NO_YEAR)) return undefined
  return separator === '-' ? field : `${field.slice(0, 4)}-${field.slice(5, 7)}-${field.slice(8)}`
}

/** Whether dates like `31/12/2023` stand there, which no American writes; else they are read as Americans do. */
export function dateOrderOf(fields: Iterable<string>): DateOrder {
  for (const field of fields) {
    const numbers = NUMBERS.exec(field.trim())
    if (numbers !== null && Number(numbers[1]) > 12) return 'dmy'
  }
  return 'mdy'
}

function monthText(name = ''): string {
  return String(monthOf(name))
}

function isoOf(year = '', month: string | undefined, day: string | undefined): string | undefined {
  if (year === NO_YEAR) return undefined
  if (month === undefined) return year
  const m = Number(month)
  if (m === 0 && (day === undefined || Number(day) === 0)) return year
  if (m < 1 || m > 12) return undefined
  const partial = `${year}-${month.padStart(2, '0')}`
  if (day === undefined || Number(day) === 0) return partial
  const d = Number(day)
  const most = m === 2 && !isLeap(Number(year)) ? 28 : (DAYS[m - 1] ?? 0)
  return d <= most ? `${partial}-${day.padStart(2, '0')}` : undefined
}

/** Of a year with two figures: none is to come. */
function wholeYear(year: string): string {
  const whole = 2000 + Number(year)
  return String(whole > new Date().getFullYear() ? whole - 100 : whole)
}

function isNoDate(text: string): boolean {
  return text.startsWith(NO_YEAR) && text.length <= LENGTH_AT_MOST && !/[^0\s/.:-]/.test(text)
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** One time that a book was read. */
interface Reading {
  readonly started?: string | undefined
  readonly read?: string | undefined
}

/** Longer fields are no dates of readings, in characters. */
const READINGS_LENGTH = 2000

/** What a field with dates says. */
export interface Readings {
  /** The last of them. */
  readonly read: string | null
  readonly started: string | null
  /** Something there is no date. */
  readonly isInvalid: boolean
}

/** Dates of several readings, `2021/03/01-2021/03/10, 2022/01/05`: the last one counts. A range has a start. */
export function readReadings(field: string, order: DateOrder): Readings {
  const plain = field.length === 10 ? plainDate(field) : undefined
  if (plain !== undefined) return { read: plain, started: null, isInvalid: false }
  const whole = field.trim()
  if (whole === '' || isNoDate(whole)) return { read: null, started: null, isInvalid: false }
  const single = readDate(whole, order)
  if (single !== undefined) return { read: single, started: null, isInvalid: false }
  if (whole.length > READINGS_LENGTH) return { read: null, started: null, isInvalid: true }
  let isInvalid = false
  let last: Reading = {}
  for (const part of whole.split(/[;|\n]/).flatMap(partsOf)) {
    if (part === '') continue
    const reading = readRange(part, order)
    if (reading === undefined) isInvalid = true
    else if (later(reading, last)) last = reading
  }
  return { read: last.read ?? null, started: last.started ?? null, isInvalid }
}

/** The parts between commas, where a comma counts that numbers like those of a date follow: `Mar 5, 2021` is one part. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  let end = text.length
  let next = end
  let isDateNext = false
  // From the end: what follows a comma is looked at once, however many commas follow one another.
  for (let at = end - 1; at >= 0; at--) {
    if (text[at] !== ',') continue
    const number = /\d{1,4}([-/.]\d)?/.exec(text.slice(at + 1, next))
    next = at
    if (number !== null) isDateNext = number[1] !== undefined
    if (!isDateNext) continue
    parts.push(text.slice(at + 1, end).trim())
    end = at
  }
  return [...parts, text.slice(0, end).trim()].toReversed()
}

function readRange(part: string, order: DateOrder): Reading | undefined {
  const read = readDate(part, order)
  if (read !== undefined) return { read }
  if (part.length > LENGTH_AT_MOST) return undefined
  const range = /^(.*\d)?\s*(?:-|–|—|to|bis)\s*(\S.*\d)?$/i.exec(splitMiddle(part))
  if (range === null) return undefined
  const [, from = '', to = ''] = range
  const started = from === '' ? undefined : readDate(from, order)
  const ended = to === '' ? undefined : readDate(to, order)
  const isInvalid = (from !== '' && started === undefined) || (to !== '' && ended === undefined) || from + to === ''
  return isInvalid ? undefined : { started, read: ended }
}

/** In `2021-03-01-2021-03-10` the hyphen between the two dates is made a dash. */
function splitMiddle(part: string): string {
  const found = /^(\d{1,4}([-/.])\d{1,2}\2\d{1,4})\s*-\s*(\d.*)?$/.exec(part.trim())
  return found === null ? part.trim() : `${found[1]} – ${found[3] ?? ''}`.trim()
}

function later(a: Reading, b: Reading): boolean {
  return (a.read ?? a.started ?? '') >= (b.read ?? b.started ?? '')
}
