const CODES = [
  /** The file of the catalog can't be opened, or is none. */
  'CATALOG_UNREADABLE',
  /** It was made by a later version. */
  'CATALOG_VERSION',
  /** Too many questions wait for an answer. */
  'CATALOG_BUSY',
  /** Its thread ended; the next question starts another. */
  'CATALOG_UNAVAILABLE',
  'CATALOG_CLOSED',
  /** A file to take in can't be read. */
  'FILE_UNREADABLE',
  'UNKNOWN_FORMAT',
  /** A compressed file ends too early. What it had is in the catalog. */
  'TRUNCATED_FILE',
] as const

export type CatalogErrorCode = (typeof CODES)[number]

/** What can go wrong with a catalog. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError'
  readonly code: CatalogErrorCode

  constructor(code: CatalogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
