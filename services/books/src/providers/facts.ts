import { publicationDate } from '../dates.js'
import { isbn10Of } from '../isbn.js'
import { languageOf } from '../languages.js'
import type { Book, ProviderName } from '../book.js'
import { qualityOf } from '../catalog/quality.js'

/** What a provider says of an edition, as it says it. */
export interface RawFacts {
  /** ISBN-13, valid; empty where the edition has none. */
  readonly isbn: string
  readonly title: string
  readonly subtitle?: string | undefined
  readonly authors?: readonly string[] | undefined
  readonly publisher?: string | undefined
  readonly publishedDate?: string | undefined
  readonly description?: string | undefined
  readonly pageCount?: number | undefined
  readonly categories?: readonly string[] | undefined
  readonly language?: string | undefined
  readonly covers?: Covers | undefined
  readonly workKey?: string | undefined
  readonly editionKey?: string | undefined
}

/** URLs of the same cover in three sizes. */
export type Covers = NonNullable<Book['coverUrls']>

/**
 * What is kept of texts, in characters, and of lists, in entries. A book as JSON then has less than 64 KiB, which is what an event may have,
 * whatever its letters.
 */
const MAX = { title: 500, name: 150, names: 20, description: 5000, category: 100, categories: 25, short: 100, url: 1000 } as const
const MAX_PAGES = 100_000

/** Makes a book of what a provider says: texts trimmed and cut, dates and languages as the wire has them, empty fields left out. */
export function bookOf(provider: ProviderName, facts: RawFacts): Book {
  const { isbn, covers, pageCount } = facts
  const known = {
    isbn,
    isbn10: isbn === '' ? undefined : isbn10Of(isbn),
    title: cut(facts.title, MAX.title) ?? '',
    subtitle: cut(facts.subtitle, MAX.title),
    authors: texts(facts.authors, MAX.names, MAX.name) ?? [],
    publisher: cut(facts.publisher, MAX.name),
    publishedDate: publicationDate(facts.publishedDate ?? ''),
    description: cut(facts.description, MAX.description),
    pageCount: pageCount !== undefined && Number.isInteger(pageCount) && pageCount > 0 && pageCount <= MAX_PAGES ? pageCount : undefined,
    categories: texts(facts.categories, MAX.categories, MAX.category),
    language: languageOf(facts.language ?? ''),
    coverUrl: covers?.medium,
    coverUrls: covers,
    coverSource: covers === undefined ? undefined : ('external' as const),
    workKey: cut(facts.workKey, MAX.short),
    editionKey: cut(facts.editionKey, MAX.short),
  }
  const book = withoutUndefined(known)
  return { ...book, provider, quality: qualityOf(book, covers !== undefined) }
}

/** Descriptions come with marks of HTML. */
export function plainText(html: string | undefined): string | undefined {
  return html?.replaceAll(/<(?:br|\/p)\s*\/?>/gi, '\n').replaceAll(/<[^<>]*>/g, '')
}

/** The covers at https addresses; undefined where one is none, since the sizes belong together. */
export function safeCovers({ large, medium, small }: Covers): Covers | undefined {
  const urls = [large, medium, small].map((text) => safeUrl(text))
  const [l, m, s] = urls
  return l === undefined || m === undefined || s === undefined ? undefined : { large: l, medium: m, small: s }
}

function safeUrl(text: string): string | undefined {
  const url = text.length <= MAX.url && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
  url.protocol = 'https:'
  return url.href
}

function cut(text: string | undefined, most: number): string | undefined {
  const bare = text?.replaceAll('\0', '').trim() ?? ''
  if (bare === '') return undefined
  // A pair of surrogates is not cut in two.
  return bare.length <= most ? bare : bare.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
}

function texts(list: readonly string[] | undefined, most: number, each: number): string[] | undefined {
  const kept = new Set<string>()
  for (const text of list ?? []) {
    const bare = cut(text, each)
    if (bare !== undefined) kept.add(bare)
    if (kept.size === most) break
  }
  return kept.size === 0 ? undefined : [...kept]
}

type Known<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

function withoutUndefined<T extends object>(record: T): Known<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Known<T>
}
