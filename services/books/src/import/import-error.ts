import type { Json } from '@headway/protocol'

/** Why a file can't be imported at all. What is wrong with one row is a `RowError`. */
export const IMPORT_ERROR_CODES = [
  /** 0 bytes. */
  'EMPTY_FILE',
  /** A PDF, an image, an archive, a workbook, a web page, or other bytes that are no text. */
  'NOT_CSV',
  'TOO_MANY_ROWS',
  'TOO_MANY_COLUMNS',
  'RECORD_TOO_LARGE',
  /** No column is known as a title or an ISBN. `details.header` has the names; a mapping helps. */
  'UNKNOWN_COLUMNS',
  /** The mapping names a field or a column that is not there. */
  'BAD_MAPPING',
  /** The file is not the one that was inspected. */
  'FILE_CHANGED',
  'FILE_UNREADABLE',
  'THREAD_CRASHED',
  'OUT_OF_MEMORY',
] as const

export type ImportErrorCode = (typeof IMPORT_ERROR_CODES)[number]

/** Why an import failed as a whole. `code` is stable; the message says what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly code: ImportErrorCode
  readonly details: Json | undefined

  constructor(code: ImportErrorCode, message: string, options: ErrorOptions & { readonly details?: Json } = {}) {
    super(message, options)
    this.code = code
    this.details = options.details
  }
}
