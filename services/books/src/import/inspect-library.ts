import { columnsByContent, columnsByName, isbnColumn } from './columns/recognise.js'
import type { Columns } from './columns/fields.js'
import type { LibraryFormat } from './columns/format.js'
import { formatOf } from './columns/format.js'
import type { Mapping } from './columns/mapping.js'
import { namesAny, namesOf, withMapping } from './columns/mapping.js'
import { ERROR_COLUMN, withoutErrors } from './failed-rows.js'
import { ImportError } from './import-error.js'
import type { InspectedLibrary } from './inspected.js'
import { COLUMN_NAME_LENGTH, DEFAULT_MAX_COLUMNS, DEFAULT_MAX_ROWS, SAMPLE_RECORDS } from './limits.js'
import { guessDialect, sampleRecords, SEPARATOR_LINE } from './records/guess-dialect.js'
import { RecordSplitter } from './records/split-records.js'
import { isTable } from './table.js'
import { Utf8Check } from './source/encoding.js'
import { readChunks } from './source/read-chunks.js'
import type { LibrarySource } from './source/read-chunks.js'
import { readHead } from './source/read-head.js'
import { readText } from './source/read-text.js'
import { dateOrderOf } from './values/date.js'
import { cutText } from './values/text.js'

/** Somebody who can guess columns by their names and first rows; undefined where they can't. The signal is the options'. */
export type AskColumns = (
  header: readonly string[],
  samples: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
) => Promise<Mapping | undefined>

export interface InspectOptions {
  /** What the reader says about the columns. It wins over what is recognised. */
  readonly mapping?: Mapping | undefined
  /** Blank rows count, the header doesn't. 5,000 by default. */
  readonly maxRows?: number | undefined
  /** 500 by default. */
  readonly maxColumns?: number | undefined
  /** Asked only where no title and no ISBN is recognised. Undefined: nobody knows. */
  readonly askColumns?: AskColumns | undefined
  readonly signal?: AbortSignal | undefined
}

/** So many rows are shown to who is asked for the columns. */
const SHOWN_ROWS = 5

/**
 * Reads a file once and says what it is: encoding, delimiter, whose export, which column has what, how many rows there are. The event loop is not
 * held up for longer than one piece takes.
 *
 * @throws ImportError EMPTY_FILE, NOT_CSV, TOO_MANY_ROWS, TOO_MANY_COLUMNS, RECORD_TOO_LARGE, UNKNOWN_COLUMNS, BAD_MAPPING, FILE_UNREADABLE
 */
export async function inspectLibrary(source: LibrarySource, options: InspectOptions = {}): Promise<InspectedLibrary> {
  const { maxRows = DEFAULT_MAX_ROWS, maxColumns = DEFAULT_MAX_COLUMNS, signal } = options
  const { head, isWhole, encoding: assumed, hasMark } = await readHead(source)
  signal?.throwIfAborted()
  const { dialect: guessed, hasSeparatorLine } = guessDialect(head, isWhole)
  const records = sampleRecords(head, isWhole, guessed, SAMPLE_RECORDS + 1)
  const before = hasSeparatorLine ? 1 : 0
  const headerAt = records.findIndex((fields, index) => index >= before && !isBlank(fields))
  if (headerAt === -1 && isWhole) {
    if (/[\p{L}\p{N}]/u.test(head.toString().replace(SEPARATOR_LINE, ''))) {
      throw new ImportError('UNKNOWN_COLUMNS', 'The file has no header: its first line has a quote that is never closed.', {
        details: { header: [] },
      })
    }
    return nothingIn(assumed, guessed)
  }
  const first = (records[headerAt] ?? []).map((name) => cutText(name.trim(), COLUMN_NAME_LENGTH))
  if (headerAt === -1 || first.length > maxColumns) {
    throw new ImportError('TOO_MANY_COLUMNS', `The file has more than ${maxColumns} columns. Is this an export of a library?`)
  }
  const dialect = { ...guessed, width: first.length }
  const known = await recogniseColumns(first, records.slice(headerAt), isWhole, options)
  const counted = await countRecords(source, {
    encoding: assumed,
    dialect,
    atMost: maxRows,
    before: headerAt + (known.hasHeader ? 1 : 0),
    signal,
  })
  const { columns } = known
  const dates = [columns.dateRead, columns.dateStarted, columns.dateAdded, columns.datesRead].filter((column) => column !== undefined)
  return {
    encoding: assumed === 'utf-8' && !counted.isUtf8 && !hasMark ? 'windows-1252' : assumed,
    isMixed: !counted.isUtf8,
    delimiter: dialect.delimiter,
    dialect,
    format: known.format,
    header: known.header,
    columns,
    rows: counted.rows,
    skip: headerAt + (known.hasHeader ? 1 : 0),
    firstRow: known.hasHeader ? 2 : 1,
    dateOrder: dateOrderOf(records.slice(headerAt + 1).flatMap((fields) => dates.map((column) => fields[column] ?? ''))),
    isOurs: known.hasHeader && (first.at(-1) === ERROR_COLUMN || isTable(first)),
  }
}

/** A file with nothing but white space and delimiters. */
function nothingIn(encoding: InspectedLibrary['encoding'], dialect: InspectedLibrary['dialect']): InspectedLibrary {
  return {
    encoding,
    isMixed: false,
    delimiter: dialect.delimiter,
    dialect,
    format: 'csv',
    header: [],
    columns: {},
    rows: 0,
    skip: Number.MAX_SAFE_INTEGER,
    firstRow: 2,
    dateOrder: 'mdy',
    isOurs: false,
  }
}

interface Recognised {
  readonly format: LibraryFormat
  readonly header: readonly string[]
  readonly columns: Columns
  readonly hasHeader: boolean
}

/** @param records the header and what follows @param isWhole whether that is the whole file */
async function recogniseColumns(
  header: readonly string[],
  records: readonly (readonly string[])[],
  isWhole: boolean,
  { mapping = {}, askColumns, signal }: InspectOptions,
): Promise<Recognised> {
  const format = formatOf(header)
  const byName = columnsByName(header, format)
  const names = columnNumbers(header.length)
  // The mapping of a file without a header can only number the columns.
  if (!isEnough(byName) && namesAny(mapping, names) && !namesAny(mapping, header)) {
    const columns = withMapping(columnsByContent(records, header.length) ?? {}, mapping, names)
    if (isEnough(columns)) return { format, header: names, columns, hasHeader: false }
  }
  const columns = withMapping(byName, mapping, header)
  if (isEnough(columns)) return { format, header, columns, hasHeader: true }
  const samples = records.slice(1)
  if (isbnColumn([header], header.length) !== undefined) {
    const byContent = columnsByContent(records, header.length)
    if (byContent !== undefined) return { format, header: names, columns: withMapping(byContent, mapping, names), hasHeader: false }
  }
  // The failed rows of a file without a header have one with numbers.
  const own = withoutErrors(header)
  const byContent = own.every((name, index) => name === names[index]) ? columnsByContent(samples, own.length) : undefined
  if (byContent !== undefined) return { format, header, columns: withMapping(byContent, mapping, header), hasHeader: true }
  const isbn13 = isbnColumn(samples, header.length)
  if (isbn13 !== undefined) return { format, header, columns: { ...columns, isbn13 }, hasHeader: true }
  // Without a row there is nothing that a column could be wrong for.
  if (isWhole && samples.every(isBlank)) return { format, header, columns, hasHeader: true }
  const answer = await askColumns?.(header, samples.slice(0, SHOWN_ROWS), signal)
  signal?.throwIfAborted()
  const guessed = answer === undefined ? columns : withMapping(columns, { ...answer, ...mapping }, header)
  if (isEnough(guessed)) return { format, header, columns: guessed, hasHeader: true }
  const example = JSON.stringify({ title: header[0] ?? 'Title', isbn13: header[1] ?? 'ISBN' })
  throw new ImportError(
    'UNKNOWN_COLUMNS',
    `No column is known as a title or an ISBN. The columns are: ${namesOf(header)}. Say which is which with a "mapping" (--mapping on the command line), for example ${example}.`,
    { details: { header: header.slice(0, 100) } },
  )
}

/** What the columns of a file without a header are called. */
function columnNumbers(width: number): readonly string[] {
  return Array.from({ length: width }, (_, index) => `column ${index + 1}`)
}

function isEnough({ title, isbn13, isbn10 }: Columns): boolean {
  return title !== undefined || isbn13 !== undefined || isbn10 !== undefined
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === '')
}

interface Counting {
  readonly encoding: InspectedLibrary['encoding']
  readonly dialect: InspectedLibrary['dialect']
  readonly atMost: number
  /** Records that are no rows. */
  readonly before: number
  readonly signal: AbortSignal | undefined
}

/** Reads all of a file, as fast as records can be found. */
async function countRecords(
  source: LibrarySource,
  { encoding, dialect, atMost, before, signal }: Counting,
): Promise<{ rows: number; isUtf8: boolean }> {
  const check = new Utf8Check()
  const splitter = new RecordSplitter(dialect)
  let records = 0
  const count = (ends: readonly { readonly ends: readonly number[] }[]): void => {
    for (const piece of ends) records += piece.ends.length
    if (records - before > atMost) {
      throw new ImportError('TOO_MANY_ROWS', `The file has more than ${atMost} rows. Split it into several files.`, {
        details: { maxRows: atMost },
      })
    }
  }
  for await (const text of readText(readChunks(source), encoding)) {
    signal?.throwIfAborted()
    check.push(text)
    count(splitter.push(text))
    // A source in memory is read without waiting: others must come to their turn.
    if (typeof source !== 'string') await new Promise(setImmediate)
  }
  count(splitter.end())
  return { rows: Math.max(0, records - before), isUtf8: check.end() }
}
