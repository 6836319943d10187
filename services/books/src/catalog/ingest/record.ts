import type { Edition } from '../write/edition.js'

export interface AuthorFacts {
  readonly key: string
  readonly name: string
}

export interface WorkFacts {
  readonly key: string
  readonly authorKeys: readonly string[]
  readonly subjects: readonly string[]
  readonly description?: string | undefined
  readonly cover?: number | undefined
}

/** What one record of a file says. */
export type Parsed =
  | { readonly kind: 'edition'; readonly edition: Edition }
  | { readonly kind: 'author'; readonly author: AuthorFacts }
  | { readonly kind: 'work'; readonly work: WorkFacts }
  /** Nothing about a book, such as a redirect. */
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly why: string }

/** A record and where the next one begins. */
export interface FileRecord {
  readonly parsed: Parsed
  readonly end: number
}

/** The records of a file from a position on, as many at a time as come. */
export type ReadRecords = (chunks: (from: number) => AsyncGenerator<Buffer>, from: number) => AsyncGenerator<readonly FileRecord[]>

export function malformed(why: string): Parsed {
  return { kind: 'malformed', why }
}

/** The same edition again has the same name, where its source gives it none. */
export function originByText(format: string, titleKey: string, author: string, published: string | undefined): string {
  return `${format}:${titleKey}|${author}|${published ?? ''}`
}
