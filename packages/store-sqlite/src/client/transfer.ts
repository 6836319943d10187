import type {
  BlobRecord,
  BlobRef,
  JobRecord,
  JobWithLog,
  KeyValueRecord,
  LogEvent,
  PastFigures,
  StoreContents,
  StoreTransfer,
} from '@headway/core'
import type { JobId } from '@headway/protocol'
import { encodeKeyValue, encodeRecord, segmentsOf, toKeyValueRecord, toRecord } from '@headway/store-kit'
import type { FileBlobStore } from '../blobs/blob-store.js'
import type { ReadOperations } from '../messages.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** What is read at a time, at most, unless one record alone is larger. */
const PAGE_RECORDS = 500
const PAGE_BYTES = 4 * 1024 * 1024

/** About how much a record holds beside its texts, in bytes. */
const SMALL = 1024

/** Everything in a data folder, for another store or from one; see `StoreTransfer`. */
export class SqliteTransfer implements StoreTransfer {
  readonly #writer: Writer
  readonly #reader: Reader
  readonly #blobs: FileBlobStore

  constructor(writer: Writer, reader: Reader, blobs: FileBlobStore) {
    this.#writer = writer
    this.#reader = reader
    this.#blobs = blobs
  }

  contents(): Promise<StoreContents> {
    return this.#reader.read('contents', null)
  }

  async *jobs(): AsyncGenerator<readonly JobRecord[]> {
    for (let after: number | null = 0; after !== null;) {
      const page: ReadOperations['exportJobs'][1] = await this.#reader.read('exportJobs', {
        after,
        maxJobs: PAGE_RECORDS,
        maxBytes: PAGE_BYTES,
      })
      if (page.jobs.length > 0) yield page.jobs.map(toRecord)
      after = page.next
    }
  }

  async *keyValues(): AsyncGenerator<readonly KeyValueRecord[]> {
    for (let after: string | null = ''; after !== null;) {
      const page: ReadOperations['exportKeyValues'][1] = await this.#reader.read('exportKeyValues', {
        after,
        maxEntries: PAGE_RECORDS,
        maxBytes: PAGE_BYTES,
      })
      if (page.entries.length > 0) yield page.entries.map(toKeyValueRecord)
      after = page.next
    }
  }

  pastFigures(): Promise<PastFigures> {
    return this.#reader.read('exportPastFigures', null)
  }

  async *blobs(): AsyncGenerator<readonly BlobRecord[]> {
    for await (const owner of this.#blobs.owners()) yield await this.#blobs.list(owner)
  }

  async clear(): Promise<void> {
    await this.#writer.write('importClear', SMALL, () => null)
    for await (const owner of this.#blobs.owners()) await this.#blobs.deleteAll(owner)
  }

  async putJobs(jobs: readonly JobWithLog[]): Promise<void> {
    const messages = jobs.map(encodeRecord)
    const lengths = messages.flatMap(({ job, segments }) => [SMALL + job.row[3].length, ...segments.map(({ lines }) => lines.length)])
    await this.#writer.write('importJobs', sum(lengths), () => messages)
  }

  async putEvents(id: JobId, events: readonly LogEvent[]): Promise<void> {
    const segments = segmentsOf(events, (events[0]?.seq ?? 1) - 1)
    await this.#writer.write('importEvents', sum(segments.map(({ lines }) => lines.length)), () => ({ jobId: id, segments }))
  }

  async putKeyValues(records: readonly KeyValueRecord[]): Promise<void> {
    const entries = records.map(encodeKeyValue)
    await this.#writer.write('importKeyValues', sum(entries.map(({ key, value }) => key.length + value.length)), () => entries)
  }

  async putPastFigures(figures: PastFigures): Promise<void> {
    await this.#writer.write('importPastFigures', SMALL, () => figures)
  }

  putBlob(owner: JobId, blob: string, bytes: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    return this.#blobs.putAs(owner, blob, bytes)
  }

  async finish(): Promise<void> {
    await this.#writer.write('importFinish', SMALL, () => null)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
