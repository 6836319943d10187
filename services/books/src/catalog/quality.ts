/** What each field of a book adds. Together with a cover 100. */
const WEIGHTS = {
  title: 15,
  authors: 15,
  isbn: 10,
  publisher: 10,
  publishedDate: 10,
  pageCount: 10,
  language: 5,
  description: 10,
  categories: 10,
} as const
const COVER_WEIGHT = 5

/** The fields of a book that count; empty texts and lists count as absent. */
export type WeighedFields = Readonly<Partial<Record<keyof typeof WEIGHTS, string | number | readonly string[] | null | undefined>>>

/** How much is known of an edition, 0 to 100. @param hasCover an own one, not a guess by the ISBN */
export function qualityOf(book: WeighedFields, hasCover: boolean): number {
  let quality = hasCover ? COVER_WEIGHT : 0
  for (const [field, weight] of Object.entries(WEIGHTS) as [keyof typeof WEIGHTS, number][]) {
    const value = book[field]
    if (value !== undefined && value !== null && (typeof value === 'number' || value.length > 0)) quality += weight
  }
  return quality
}
