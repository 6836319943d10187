export const DELIMITERS = [',', '\t', ';', '|'] as const

export type Delimiter = (typeof DELIMITERS)[number]

/** How a file writes its records. */
export interface Dialect {
  readonly delimiter: Delimiter
  /** False: a quote is a character like any other, as in LibraryThing's files with tabs. */
  readonly quotes: boolean
  /** True: blanks around fields don't belong to them, so that `a, "b, c"` has two fields. */
  readonly trims: boolean
  /** So many fields the header has. Undefined where that is not known. */
  readonly width?: number | undefined
}
