import { fold } from '../catalog/fold.js'
import { qualityOf } from '../catalog/quality.js'
import type { Book, ProviderName } from '../book.js'

/** Which provider each field of a book is from. */
export type Sources = Readonly<Record<string, ProviderName>>

/** What one provider, or an earlier answer of several, says of an edition. */
export interface Contribution {
  readonly book: Book
  /** Undefined: all of it is from the book's provider. */
  readonly sources?: Sources | undefined
}

/** One book of several contributions. */
export interface Merged {
  readonly book: Book
  readonly sources: Sources
}

/** Fields that are taken together or not at all. */
const GROUPS: readonly (readonly (keyof Book)[])[] = [
  ['isbn', 'isbn10'],
  ['title', 'subtitle'],
  ['authors'],
  ['publisher'],
  ['publishedDate'],
  ['description'],
  ['pageCount'],
  ['categories'],
  ['language'],
  ['coverUrl', 'coverUrls', 'coverSource'],
  ['workKey'],
  ['editionKey'],
]

/**
 * One book of what several providers say of the same edition: the fields of the one that knows most, those it lacks from the others. `provider`
 * is who gave most fields.
 *
 * @param contributions at least one; of equal quality the first wins
 */
export function mergeBooks(contributions: readonly [Contribution, ...Contribution[]]): Merged {
  const ranked = contributions.toSorted((a, b) => b.book.quality - a.book.quality)
  const merged: Record<string, unknown> = {}
  const sources: Record<string, ProviderName> = {}
  for (const group of GROUPS) {
    const giver = ranked.find(({ book }) => isKnown(book[group[0] ?? 'title']))
    if (giver === undefined) continue
    for (const field of group) if (giver.book[field] !== undefined) merged[field] = giver.book[field]
    sources[group[0] ?? ''] = giver.sources?.[group[0] ?? ''] ?? giver.book.provider
  }
  const known = { isbn: '', title: '', authors: [], ...merged } as Omit<Book, 'provider' | 'quality'>
  const subtitle = known.subtitle === undefined ? missingSubtitle(known.title, ranked) : undefined
  const provider = mostOf(Object.values(sources)) ?? contributions[0].book.provider
  const quality = Math.max(qualityOf(known, known.coverUrls !== undefined), ...ranked.map(({ book }) => book.quality))
  return { book: { ...known, ...(subtitle !== undefined && { subtitle }), provider, quality }, sources }
}

function isKnown(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value) ? value.length > 0 : value !== undefined
}

/** The subtitle that another one gives to the same title. */
function missingSubtitle(title: string, ranked: readonly Contribution[]): string | undefined {
  return ranked.find(({ book }) => book.subtitle !== undefined && fold(book.title) === fold(title))?.book.subtitle
}

function mostOf(names: readonly ProviderName[]): ProviderName | undefined {
  const counts = new Map<ProviderName, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  // The sort keeps the order of equals: who is first has given the title.
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}
