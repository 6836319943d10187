import { Duplicates } from './duplicates.js'
import { ImportError } from './import-error.js'
import type { InspectedLibrary } from './inspected.js'
import { BATCH_CHARACTERS, BATCH_ROWS } from './limits.js'
import type { MatchCatalog } from './match-books.js'
import { matchBooks } from './match-books.js'
import { RowReader } from './read-row.js'
import type { ParsedRecord } from './records/parse-records.js'
import { parseRecords } from './records/parse-records.js'
import { RecordSplitter } from './records/split-records.js'
import type { RowError, RowOutcome } from './row.js'
import { readChunks } from './source/read-chunks.js'
import type { LibrarySource } from './source/read-chunks.js'
import { readText } from './source/read-text.js'

export interface ReadOptions {
  /** Undefined: nothing is matched. */
  readonly catalog?: MatchCatalog | undefined
  readonly signal?: AbortSignal | undefined
}

/** What is said of a file without any row. */
export const NO_ROWS: RowError = { row: 1, code: 'no_rows', message: 'The file has no rows.' }

/**
 * What became of every row of a file, in its order, at most 100 at a time. The same file gives the same outcomes. Works in the thread that calls it;
 * `openInThread` doesn't.
 *
 * @throws ImportError FILE_CHANGED when the file is not the inspected one, FILE_UNREADABLE; the signal's reason
 */
export async function* readLibrary(
  source: LibrarySource,
  library: InspectedLibrary,
  { catalog, signal }: ReadOptions = {},
): AsyncGenerator<readonly RowOutcome[]> {
  const reader = new RowReader(library)
  const duplicates = new Duplicates(library.rows)
  const finished = (batch: readonly RowOutcome[]): readonly RowOutcome[] => (catalog === undefined ? batch : matchBooks(batch, catalog))
  let batch: RowOutcome[] = []
  let skip = library.skip
  let row = library.firstRow
  for await (const records of parsedRecords(source, library)) {
    signal?.throwIfAborted()
    for (const record of records) {
      if (skip > 0) {
        skip--
        continue
      }
      batch.push(withoutDuplicate(reader.read(record, row), duplicates))
      row++
      if (batch.length < BATCH_ROWS && reader.characters < BATCH_CHARACTERS) continue
      yield finished(batch)
      signal?.throwIfAborted()
      batch = []
      reader.characters = 0
    }
  }
  if (row - library.firstRow !== library.rows) {
    throw new ImportError('FILE_CHANGED', `The file has ${row - library.firstRow} rows now and had ${library.rows} when it was looked at.`)
  }
  if (batch.length > 0) yield finished(batch)
}

async function* parsedRecords(
  source: LibrarySource,
  { dialect, encoding, isMixed }: InspectedLibrary,
): AsyncGenerator<Iterable<ParsedRecord>> {
  const splitter = new RecordSplitter(dialect, { marksFields: true })
  for await (const text of readText(readChunks(source), encoding)) {
    for (const piece of splitter.push(text)) yield parseRecords(piece, dialect, isMixed)
  }
  for (const piece of splitter.end()) yield parseRecords(piece, dialect, isMixed)
}

function withoutDuplicate(outcome: RowOutcome, duplicates: Duplicates): RowOutcome {
  const { row, book, errors } = outcome
  const duplicateOf = book === undefined ? undefined : duplicates.earlier(book)
  if (book === undefined || duplicateOf === undefined) return outcome
  const message = `The same book is in row ${duplicateOf}.`
  return { row, kind: 'duplicate', duplicateOf, errors: [...errors, { row, code: 'duplicate', message, value: book.isbn13 ?? book.title }] }
}
