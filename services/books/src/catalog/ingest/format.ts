import { CatalogError } from '../errors.js'
import { readCalibre } from './calibre.js'
import { readMarc } from './marc.js'
import { readOpenLibrary } from './open-library.js'
import type { ReadRecords } from './record.js'

/** What can be taken in. */
export const INGEST_FORMATS = ['openlibrary', 'calibre', 'marc'] as const

export type IngestFormat = (typeof INGEST_FORMATS)[number]

export const READERS: Readonly<Record<IngestFormat, ReadRecords>> = {
  openlibrary: readOpenLibrary,
  calibre: readCalibre,
  marc: readMarc,
}

/** The format that the beginning of a file shows. @throws CatalogError UNKNOWN_FORMAT */
export function formatOf(head: Buffer, path: string): IngestFormat {
  const text = head
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  if (/^\s*\/type\/\w+\t/.test(text)) return 'openlibrary'
  // A leader: the length of the record, and at its end how the directory is built.
  if (/^\s*\d{5}.{15}45..\d{3}/s.test(text)) return 'marc'
  const names = new Set((text.split(/\r?\n/, 1)[0] ?? '').split(',').map((name) => name.replaceAll('"', '').trim().toLowerCase()))
  if (names.has('title') && names.has('authors')) return 'calibre'
  throw new CatalogError(
    'UNKNOWN_FORMAT',
    `${path} is no dump of Open Library (five columns with tabs between them), no CSV of Calibre (with the columns title and authors) and no MARC 21 (ISO 2709).`,
  )
}
