import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openCatalogDatabase } from '../open-catalog.js'
import { formatOf, READERS } from './format.js'
import type { IngestFormat } from './format.js'
import { IngestStore } from './ingest-store.js'
import type { IngestCounts, IngestState } from './ingest-store.js'
import type { FileRecord } from './record.js'
import { openSource } from './source.js'
import type { Source } from './source.js'

export interface IngestOptions {
  /** The file of the catalog; made where there is none. It may be in use. */
  readonly catalog: string
  /** The file to take in, as it is or compressed with gzip. */
  readonly file: string
  /** What it is; by default as it looks. */
  readonly format?: IngestFormat | undefined
  /** Ends it between two transactions; the next time it goes on from there. */
  readonly signal?: AbortSignal | undefined
}

export interface IngestProgress extends IngestCounts {
  /** `linking`: editions get the names of authors and the subjects of works that came later than they. */
  readonly phase: 'reading' | 'linking'
  readonly format: IngestFormat
  /** Of the file as it is on disk. */
  readonly bytesRead: number
  readonly bytesTotal: number
}

export interface IngestReport extends IngestCounts {
  readonly format: IngestFormat
  /** `complete`: it was taken in before, and nothing was done now. `resumed`: it went on where it had been stopped. */
  readonly began: 'new' | 'resumed' | 'complete'
}

/** Records that are written in one transaction, at least. */
const BATCH = 1000

/**
 * Takes a file into the catalog. Records are read as they are needed, whatever the size of the file; what is written is written together with how
 * far the file is, so that the same file, when it comes again, goes on where it was stopped or killed, or says that it is complete.
 *
 * @throws CatalogError FILE_UNREADABLE, UNKNOWN_FORMAT, TRUNCATED_FILE, and those of `openCatalog`
 */
export async function* ingest({ catalog, file, format: named, signal }: IngestOptions): AsyncGenerator<IngestProgress, IngestReport> {
  const source = await openSource(file, signal)
  try {
    const format = named ?? formatOf(source.head, file)
    const db = openCatalogDatabase(catalog, {})
    try {
      const store = new IngestStore(db, { fingerprint: source.fingerprint, name: basename(file), format })
      const began = store.load()
      if (began.finished) return { ...countsOf(began), format, began: 'complete' }
      const steps = takeIn({ source, store, format, signal }, began)
      let state = began
      for await (const [next, phase] of steps) {
        state = next
        yield { ...countsOf(state), phase, format, bytesRead: source.bytesRead(), bytesTotal: source.bytesTotal }
      }
      return { ...countsOf(state), format, began: began.records === 0 ? 'new' : 'resumed' }
    } finally {
      db.close()
    }
  } finally {
    await source.close()
  }
}

interface Work {
  readonly source: Source
  readonly store: IngestStore
  readonly format: IngestFormat
  readonly signal: AbortSignal | undefined
}

async function* takeIn(
  { source, store, format, signal }: Work,
  began: IngestState,
): AsyncGenerator<readonly [IngestState, IngestProgress['phase']]> {
  let state = began
  if (!state.read) {
    for await (const batch of batches(READERS[format](source.chunks, state.position))) {
      signal?.throwIfAborted()
      state = store.write(state, batch)
      yield [state, 'reading']
    }
    state = store.mark(state, { finished: false })
  }
  let after: number | undefined = format === 'openlibrary' ? 0 : undefined
  while (after !== undefined) {
    signal?.throwIfAborted()
    after = store.completePending(after)
    yield [state, 'linking']
    await setImmediate()
  }
  state = store.mark(state, { finished: true })
  yield [state, 'linking']
}

/** Enough records for a transaction. What came before an error is given out before it is thrown. */
async function* batches(records: AsyncGenerator<readonly FileRecord[]>): AsyncGenerator<readonly FileRecord[]> {
  let batch: FileRecord[] = []
  try {
    for await (const some of records) {
      batch.push(...some)
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

function countsOf({ records, added, updated, skipped, malformed, malformedExamples }: IngestState): IngestCounts {
  return { records, added, updated, skipped, malformed, malformedExamples }
}
