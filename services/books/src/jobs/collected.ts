import type { JobBlobs } from '@headway/core'
import { addCounts, failedRowsCsv, NO_COUNTS, NO_ROWS } from '../import/index.js'
import type { ImportCounts, RowOutcome } from '../import/index.js'
import { bytesOf, putJsonList } from './json-list.js'
import type { ImportResult } from './result.js'
import { Spool } from './spool.js'

/** The results of an import, which are written as its rows are read: what is kept of them is their number. */
export class Collected {
  readonly #books: Spool<string>
  readonly #errors: Spool<string>
  #failed: Spool<readonly RowOutcome[]> | undefined
  readonly #blobs: JobBlobs
  readonly #header: readonly string[]
  #counts: ImportCounts = NO_COUNTS

  /** @param header of the file */
  constructor(blobs: JobBlobs, header: readonly string[]) {
    this.#blobs = blobs
    this.#header = header
    this.#books = new Spool((pieces) => putJsonList(blobs, pieces))
    this.#errors = new Spool((pieces) => putJsonList(blobs, pieces))
  }

  async add(batch: readonly RowOutcome[]): Promise<void> {
    this.#counts = addCounts(this.#counts, batch)
    const books = batch.flatMap(({ kind, book }) => (kind === 'imported' && book !== undefined ? [JSON.stringify(book)] : []))
    if (books.length > 0) await this.#books.add(books.join(','))
    const errors = batch.flatMap((outcome) => outcome.errors.map((error) => JSON.stringify(error)))
    if (errors.length > 0) await this.#errors.add(errors.join(','))
    const failed = batch.filter(({ kind }) => kind === 'failed')
    if (failed.length === 0) return
    this.#failed ??= new Spool((pieces) => this.#blobs.put(bytesOf(failedRowsCsv(this.#header, pieces))))
    await this.#failed.add(failed)
  }

  /** @throws what the store says */
  async end(): Promise<ImportResult> {
    const counts = this.#counts
    if (counts.rows === counts.blank) await this.#errors.add(JSON.stringify(NO_ROWS))
    const books = await this.#books.end()
    const errors = await this.#errors.end()
    const failedRows = await this.#failed?.end()
    return {
      results: books,
      books,
      total: counts.rows,
      found: counts.imported,
      counts: { ...counts },
      errors,
      ...(failedRows !== undefined && { failedRows }),
    }
  }

  /** Leaves nothing half written; what is complete stays. */
  async close(): Promise<void> {
    await Promise.all([this.#books.giveUp(), this.#errors.giveUp(), this.#failed?.giveUp()])
  }
}
