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
import type { PostgresBlobStore } from '../blobs/blob-store.js'
import type { Database } from '../database/database.js'
import { Exporter } from './export.js'
import { Importer } from './import.js'

/** Everything in a schema, for another store or from one; see `StoreTransfer`. To be cleared, the tables must be this user's own. */
export class PostgresTransfer implements StoreTransfer {
  readonly #exporter: Exporter
  readonly #importer: Importer
  readonly #blobs: PostgresBlobStore

  constructor(db: Database, blobs: PostgresBlobStore) {
    this.#exporter = new Exporter(db)
    this.#importer = new Importer(db)
    this.#blobs = blobs
  }

  contents(): Promise<StoreContents> {
    return this.#exporter.contents()
  }

  jobs(): AsyncIterable<readonly JobRecord[]> {
    return this.#exporter.jobs()
  }

  keyValues(): AsyncIterable<readonly KeyValueRecord[]> {
    return this.#exporter.keyValues()
  }

  pastFigures(): Promise<PastFigures> {
    return this.#exporter.pastFigures()
  }

  blobs(): AsyncIterable<readonly BlobRecord[]> {
    return this.#blobs.list()
  }

  async clear(): Promise<void> {
    for await (const owner of this.#blobs.allOwners()) await this.#blobs.deleteAll(owner)
    await this.#importer.clear()
  }

  putJobs(jobs: readonly JobWithLog[]): Promise<void> {
    return this.#importer.jobs(jobs)
  }

  putEvents(id: JobId, events: readonly LogEvent[]): Promise<void> {
    return this.#importer.events(id, events)
  }

  putKeyValues(records: readonly KeyValueRecord[]): Promise<void> {
    return this.#importer.keyValues(records)
  }

  putPastFigures(figures: PastFigures): Promise<void> {
    return this.#importer.pastFigures(figures)
  }

  putBlob(owner: JobId, blob: string, bytes: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    return this.#blobs.putAs(owner, blob, bytes)
  }

  finish(): Promise<void> {
    return this.#importer.finish()
  }
}
