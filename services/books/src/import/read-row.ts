import type { Json } from '@headway/protocol'
import type { AllColumns } from './cells.js'
import { Cells } from './cells.js'
import type { Field } from './columns/fields.js'
import { plainName } from './columns/fields.js'
import { revive } from './formulas.js'
import type { InspectedLibrary } from './inspected.js'
import { MAX_QUOTED_RECORD_BYTES, RAW_NAMES_LENGTH } from './limits.js'
import { readPeople } from './people.js'
import type { ParsedRecord } from './records/parse-records.js'
import type { LibraryBook, RowError, RowOutcome } from './row.js'
import { readShelf } from './shelf.js'
import { readDate, readReadings } from './values/date.js'
import type { Readings } from './values/date.js'
import { findIsbn } from './values/isbn.js'
import { readLanguage } from './values/language.js'
import { readRating } from './values/rating.js'
import { cleanText, cutText, listOf, readCount } from './values/text.js'
import { readTitle, seriesOf, TITLE_LENGTH } from './values/title.js'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const NO_MATCH = { how: 'none', confidence: 0 } as const
const NO_READINGS: Readings = { read: null, started: null, isInvalid: false }
/** Of a field in an error at most so much is shown, in characters. */
const VALUE_LENGTH = 200
/** Calibre's date for "unknown". */
const CALIBRE_UNKNOWN = '0101-'

/** Makes of records what they say, row by row. Knows nothing of other rows. */
export class RowReader {
  readonly #library: InspectedLibrary
  readonly #cells: Cells
  readonly #columns: AllColumns
  readonly #names: readonly string[]
  readonly #emptyRaw: Readonly<Record<string, undefined>>
  readonly #namesLength: number
  /** How long the rows are that were read since this was set to 0, with the names of their fields, in characters. */
  characters = 0
  #row = 0
  #errors: RowError[] = []

  constructor(library: InspectedLibrary) {
    this.#library = library
    this.#cells = new Cells(library.columns)
    this.#columns = this.#cells.columns
    this.#names = rawNames(library.header)
    this.#emptyRaw = Object.fromEntries(this.#names.map((name) => [name, undefined]))
    this.#namesLength = lengthOf(this.#names)
  }

  /** What a record says; `imported` where it has a book, whether or not another row has the same. */
  read(record: ParsedRecord, row: number): RowOutcome {
    const fields = this.#library.isOurs ? record.fields.map(revive) : record.fields
    this.characters += lengthOf(fields)
    if (record.isUnclosed) {
      const message = `A quote is opened and not closed within ${MAX_QUOTED_RECORD_BYTES / 1024} KiB; only this record is left out.`
      return {
        row,
        kind: 'failed',
        fields,
        errors: [{ row, code: 'unclosed_quote', message, value: shown(fields.join(this.#library.delimiter)) }],
      }
    }
    if (isBlank(fields)) return { row, kind: 'blank', errors: [] }
    this.#cells.fields = fields
    this.#row = row
    this.#errors = []
    const book = this.#book()
    if (book !== undefined) return { row, kind: 'imported', book, errors: this.#errors }
    this.#extraFields()
    this.#trouble('missing_title_and_isbn', 'The row has no title and no valid ISBN.')
    return { row, kind: 'failed', fields, errors: this.#errors }
  }

  #book(): LibraryBook | undefined {
    const { format } = this.#library
    const cells = this.#cells
    const columns = this.#columns
    const isbn13 = this.#isbn()
    const { title, series: seriesInTitle } = readTitle(cells.at(columns.title))
    if (title === '' && isbn13 === null) return undefined
    const dates = this.#dates()
    const { authors, contributors } = readPeople(cells, format)
    const shelf = readShelf(cells, format, dates)
    const book: Writable<LibraryBook> = {
      row: this.#row,
      isbn13,
      isbn: isbn13 ?? '',
      title: withSubtitle(title, cells.at(columns.subtitle)),
      authors,
      contributors,
      rating: this.#rating(),
      dateRead: dates.read,
      dateStarted: dates.started,
      dateAdded: dates.added,
      shelf,
      tags: this.#tags(shelf),
      match: NO_MATCH,
      raw: this.#raw(),
    }
    this.#addOptional(book, seriesInTitle)
    return book
  }

  #addOptional(book: Writable<LibraryBook>, seriesInTitle: string | undefined): void {
    const cells = this.#cells
    const columns = this.#columns
    const review = cells.at(columns.review).trim()
    if (review !== '') book.review = review
    const notes = cells.at(columns.notes).trim()
    if (notes !== '') book.notes = notes
    const readTimes = readCount(cells.at(columns.readCount))
    if (readTimes !== undefined) book.readCount = readTimes
    const format = cleanText(cells.at(columns.format))
    if (format !== '') book.format = format
    const publisher = cleanText(cells.at(columns.publisher)) || publisherIn(cells.at(columns.publication))
    if (publisher !== '') book.publisher = publisher
    const publishedDate = this.#publishedDate()
    if (publishedDate !== undefined) book.publishedDate = publishedDate
    const pageCount = readCount(cells.at(columns.pageCount))
    if (pageCount !== undefined) book.pageCount = pageCount
    const language = readLanguage(cells.at(columns.language))
    if (language !== undefined) book.language = language
    const series = seriesOf(cells.at(columns.series), cells.at(columns.seriesIndex)) ?? seriesInTitle
    if (series !== undefined) book.series = series
  }

  /** The number of 13 digits wins; only where there is none or a bad one, that of 10 counts. */
  #isbn(): string | null {
    return this.#isbnIn('isbn13') ?? this.#isbnIn('isbn10') ?? isbnAmong(this.#cells.at(this.#columns.identifiers)) ?? null
  }

  #isbnIn(field: 'isbn13' | 'isbn10'): string | undefined {
    const column = this.#columns[field]
    const text = this.#cells.at(column)
    if (text === '') return undefined
    const { isbn13, problem } = findIsbn(text)
    if (problem !== undefined && !isOtherNumber(this.#library.header[column] ?? '', text)) this.#trouble('invalid_isbn', problem, text)
    return isbn13
  }

  #rating(): number | null {
    const field = this.#cells.at(this.#columns.rating)
    const rating = readRating(field)
    if (rating !== undefined) return rating
    this.#trouble('invalid_rating', `${this.#nameOf('rating')} is no rating from 0 to 5.`, field)
    return null
  }

  #dates(): { readonly read: string | null; readonly started: string | null; readonly added: string | null } {
    const read = this.#readings('dateRead')
    const all = this.#readings('datesRead')
    // Of several readings the last counts, with its own start.
    const last = (all.read ?? '') >= (read.read ?? '') ? all : read
    const started = this.#readings('dateStarted').read ?? last.started ?? (last.read === null ? read.started : null)
    return {
      read: last.read,
      started,
      added: this.#readings('dateAdded').read,
    }
  }

  #readings(field: Field): Readings {
    const text = this.#cells.at(this.#columns[field])
    if (text === '') return NO_READINGS
    const readings = readReadings(text, this.#library.dateOrder)
    if (readings.isInvalid) this.#trouble('invalid_date', `${this.#nameOf(field)} is no date that is understood; best is 2023-12-31.`, text)
    return readings
  }

  /** Reported by nobody: it is no fact of the reader's, and it stays in `raw`. */
  #publishedDate(): string | undefined {
    const field = this.#cells.at(this.#columns.publishedDate).trim()
    if (field === '' || (this.#library.format === 'calibre' && field.startsWith(CALIBRE_UNKNOWN))) return undefined
    const date = readDate(field, this.#library.dateOrder) ?? /\b(?:1\d|20)\d\d\b/.exec(field.slice(0, VALUE_LENGTH))?.[0]
    return date === '0000' ? undefined : date
  }

  #tags(shelf: string | null): readonly string[] {
    const field = this.#cells.at(this.#columns.tags)
    if (field === '') return []
    const tags = new Set(listOf(field, /[,;|]/))
    // Goodreads repeats the exclusive shelf among the others.
    if (shelf !== null) tags.delete(shelf)
    return [...tags]
  }

  #raw(): LibraryBook['raw'] {
    const { fields } = this.#cells
    const names = this.#names
    this.characters += this.#namesLength
    // A copy has all names at once, which is faster than to add one after the other. Those without a value are left out when it is made JSON.
    const raw: Record<string, Json | undefined> = { ...this.#emptyRaw }
    const width = Math.min(names.length, fields.length)
    for (let column = 0; column < width; column++) {
      const field = fields[column] as string
      if (field !== '') raw[names[column] as string] = field
    }
    const extra = this.#extraFields()
    if (extra !== undefined) raw['extra_fields'] = extra
    return raw
  }

  /** What the row has too much, which is reported. */
  #extraFields(): string[] | undefined {
    const { fields } = this.#cells
    const { length } = this.#names
    if (fields.length <= length) return undefined
    const extra = fields.slice(length)
    if (extra.every((field) => field.trim() === '')) return undefined
    this.#trouble('extra_fields', `The row has ${fields.length} fields, the header ${length}.`, extra.join(this.#library.delimiter))
    return extra
  }

  #nameOf(field: Field): string {
    const column = this.#columns[field]
    return `"${this.#library.header[column] ?? field}"`
  }

  #trouble(code: RowError['code'], message: string, value?: string): void {
    this.#errors.push({ row: this.#row, code, message, ...(value !== undefined && { value: shown(value) }) })
  }
}

function isBlank(fields: readonly string[]): boolean {
  for (const field of fields) if (field !== '' && field.trim() !== '') return false
  return true
}

/** In characters. */
function lengthOf(texts: readonly string[]): number {
  let length = 0
  for (const text of texts) length += text.length
  return length
}

/** Names for the fields of a row, each once. */
function rawNames(header: readonly string[]): readonly string[] {
  const most = lengthOf(header) > RAW_NAMES_LENGTH ? Math.floor(RAW_NAMES_LENGTH / header.length) : RAW_NAMES_LENGTH
  const taken = new Set(['extra_fields', '__proto__'])
  return header.map((whole, index) => {
    const name = cutText(whole, most)
    let unique = name === '' ? `column ${index + 1}` : name
    for (let count = 2; taken.has(unique); count++) unique = `${name} (${count})`
    taken.add(unique)
    return unique
  })
}

/** Calibre: `goodreads:345,isbn:9780553293357`. */
function isbnAmong(identifiers: string): string | undefined {
  const [, isbn] = identifiers === '' ? [] : (/\bisbn(?:_?1[03])?:\s*([\dXx-]{10,20})/i.exec(identifiers) ?? [])
  return isbn === undefined ? undefined : findIsbn(isbn).isbn13
}

/** Columns that hold an ISBN or something else: StoryGraph's own ids, the UPC of a film. */
function isOtherNumber(column: string, text: string): boolean {
  const name = plainName(column)
  const digits = text.replace(/[^\dXx]/g, '').length
  return (
    (name === 'isbn uid' || name === 'upc isbn10' || name === 'ean isbn13') && digits !== 10 && (digits !== 13 || /[a-wyz]/i.test(text))
  )
}

/** Where a subtitle is in a column of its own. */
function withSubtitle(title: string, subtitle: string): string {
  const rest = subtitle === '' ? '' : cutText(cleanText(subtitle), TITLE_LENGTH)
  return rest === '' || title === '' || title.includes(rest) ? title : cutText(`${title}: ${rest}`, TITLE_LENGTH)
}

/** LibraryThing: `Scholastic Press (2008), Edition: 1st, 374 pages`. */
function publisherIn(publication: string): string {
  return publication === '' ? '' : cleanText(publication.slice(0, VALUE_LENGTH).replace(/\s*[(,].*$/s, ''))
}

function shown(value: string): string {
  return value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value
}
