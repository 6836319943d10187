import type { IngestFormat } from './ingest/format.js'
import type { IngestCounts } from './ingest/ingest-store.js'
import { openCatalogDatabase } from './open-catalog.js'

/** A file that was taken in, or began to be. */
export interface IngestedFile extends Omit<IngestCounts, 'malformedExamples'> {
  readonly file: string
  readonly format: IngestFormat
  /** ISO 8601; absent while it is not complete. */
  readonly finishedAt?: string
}

export interface CatalogInfo {
  readonly editions: number
  readonly withIsbn: number
  /** By when they were finished, those that are not last. */
  readonly files: readonly IngestedFile[]
}

interface FileRow extends Omit<IngestedFile, 'finishedAt'> {
  readonly finished_at: string | null
}

/** What a catalog has. @param path of a file that is there @throws CatalogError as `openCatalog` */
export function catalogInfo(path: string): CatalogInfo {
  const db = openCatalogDatabase(path, { readOnly: true })
  try {
    const counts = db.prepareTuples<readonly [number, number]>('select count(*), count(isbn13) from editions').get() ?? [0, 0]
    const files = db
      .prepare<FileRow>(
        'select file, format, records, added, updated, skipped, malformed, finished_at from ingests order by finished_at is null, finished_at, file',
      )
      .all()
    return {
      editions: counts[0],
      withIsbn: counts[1],
      files: files.map(({ finished_at: finishedAt, ...file }) => ({ ...file, ...(finishedAt !== null && { finishedAt }) })),
    }
  } finally {
    db.close()
  }
}
