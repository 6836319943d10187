import type { Json } from '@headway/protocol'

export interface Contributor {
  readonly name: string
  readonly role: 'author' | 'translator' | 'narrator' | 'illustrator' | 'editor' | 'contributor'
}

/** What a row matched in the catalog or at a provider. */
export interface RowMatch {
  readonly how: 'isbn' | 'title' | 'none'
  readonly provider?: string
  /** 0 to 1. */
  readonly confidence: number
}

/** A book of the reader's library, as one row says it (books-import.md). What the reader wrote is never overwritten by what a match knows. */
export interface LibraryBook {
  /** As a person sees it in the file: the header is row 1. Physical records, not lines. */
  readonly row: number
  readonly isbn13: string | null
  /** The ISBN-13 or an empty text: what clients of the wire's Book read. */
  readonly isbn: string
  readonly title: string
  readonly authors: readonly string[]
  readonly contributors: readonly Contributor[]
  /** 0 to 5, in quarters. */
  readonly rating: number | null
  /** ISO, partial ones stay partial: `1998`, `2023-02`. */
  readonly dateRead: string | null
  readonly dateStarted: string | null
  readonly dateAdded: string | null
  readonly shelf: string | null
  readonly tags: readonly string[]
  readonly review?: string
  readonly notes?: string
  readonly readCount?: number
  readonly format?: string
  readonly publisher?: string
  readonly publishedDate?: string
  readonly pageCount?: number
  readonly language?: string
  readonly series?: string
  readonly match: RowMatch
  /** The fields of the record that are not empty, by the names in the header; surplus fields under `extra_fields`. */
  readonly raw: Readonly<Record<string, Json | undefined>>
}

export const ROW_ERROR_CODES = [
  'invalid_isbn',
  'invalid_rating',
  'invalid_date',
  'missing_title_and_isbn',
  'unclosed_quote',
  'duplicate',
  'extra_fields',
  'no_rows',
] as const

/** One trouble with a row. */
export interface RowError {
  readonly row: number
  readonly code: (typeof ROW_ERROR_CODES)[number]
  readonly message: string
  readonly value?: string
}

/** What became of one record. Every record has exactly one outcome. */
export interface RowOutcome {
  readonly row: number
  readonly kind: 'imported' | 'duplicate' | 'failed' | 'blank'
  /** Of `imported`. */
  readonly book?: LibraryBook
  /** Of `duplicate`: the row that has the same book. */
  readonly duplicateOf?: number
  /** Of `failed`: the record as it is in the file, for a person to mend. */
  readonly fields?: readonly string[]
  readonly errors: readonly RowError[]
}

/** They add up: `rows` is the sum of the others. The header is not counted. */
export interface ImportCounts {
  readonly rows: number
  readonly imported: number
  readonly duplicates: number
  readonly failed: number
  readonly blank: number
}
