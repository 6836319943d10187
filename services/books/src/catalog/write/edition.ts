/** An edition as a source describes it, cleaned up. One of `isbn13` and `origin` is there. */
export interface Edition {
  readonly isbn13?: string | undefined
  readonly isbn10?: string | undefined
  /** What names it at its source, such as `ol:/books/OL7353617M`. The same edition comes again under the same name. */
  readonly origin?: string | undefined
  readonly title: string
  readonly subtitle?: string | undefined
  readonly authors: readonly string[]
  /** Of authors whose names are told elsewhere in the source. */
  readonly authorKeys?: readonly string[] | undefined
  readonly publisher?: string | undefined
  /** `2008`, `2008-09` or `2008-09-14`. */
  readonly published?: string | undefined
  readonly pages?: number | undefined
  /** ISO 639-1 where there is one. */
  readonly language?: string | undefined
  readonly subjects?: readonly string[] | undefined
  readonly description?: string | undefined
  readonly series?: string | undefined
  readonly workKey?: string | undefined
  readonly editionKey?: string | undefined
  /** The number of its cover at Open Library. */
  readonly cover?: number | undefined
  /** Why a reader might like it; only well-known books have one. */
  readonly reason?: string | undefined
}

/** What becomes known of an edition later. */
export type Completion = Pick<Edition, 'authors' | 'subjects' | 'description' | 'cover'>
