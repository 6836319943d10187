import { z } from 'zod'
import type { Book } from '../book.js'
import type { TitleQuery } from '../catalog/catalog.js'
import { isbn13Of } from '../isbn.js'
import { OTHER_EDITION } from './confidence.js'
import { readEntries, titleAnswer } from './entries.js'
import { bookOf, plainText, safeCovers, type Covers } from './facts.js'
import { createJsonClient, type HttpSettings } from './http/json-client.js'
import { lookUpsOf } from './kinds.js'
import type { Provider, ProviderAnswer } from './provider.js'
import { nonsense } from './provider-error.js'

/** How Google Books is asked: only with a key. */
export interface GoogleBooksOptions extends HttpSettings {
  readonly key: string
  /** Default https://www.googleapis.com. */
  readonly baseUrl?: string
}

const NAME = 'google_books'
const BASE_URL = 'https://www.googleapis.com'
/** The quota that a project has without asking for more is 100 requests a minute. */
const PER_SECOND = 1.5
/** Volumes of one search. */
const VOLUMES = 5

const text = z.string().optional()
const texts = z.array(z.string()).optional()

/** One volume, as far as it is used. */
const volumeSchema = z.object({
  volumeInfo: z.object({
    title: z.string(),
    subtitle: text,
    authors: texts,
    publisher: text,
    publishedDate: text,
    description: text,
    industryIdentifiers: z.array(z.object({ type: z.string(), identifier: z.string() })).optional(),
    pageCount: z.number().optional(),
    categories: texts,
    language: text,
    imageLinks: z.partialRecord(z.enum(['smallThumbnail', 'thumbnail', 'small', 'medium', 'large', 'extraLarge']), z.string()).optional(),
  }),
})
type ImageLinks = z.infer<typeof volumeSchema>['volumeInfo']['imageLinks']

const searchSchema = z.object({ totalItems: z.number(), items: z.array(z.unknown()).optional() })

/**
 * Google Books: one search for each query.
 *
 * @see https://developers.google.com/books/docs/v1/using
 * @throws TypeError when the base is no URL
 */
export function createGoogleBooksProvider({ key, baseUrl = BASE_URL, ...http }: GoogleBooksOptions): Provider {
  // As a header the key is in no URL, and so in no log on the way.
  const client = createJsonClient({ ...http, name: NAME, baseUrl, headers: { 'x-goog-api-key': key } })

  const search = async (q: string, signal: AbortSignal) => {
    const query = { q, maxResults: String(VOLUMES), printType: 'books', projection: 'full' }
    const answer = searchSchema.safeParse(await client.ask({ path: 'books/v1/volumes', query }, signal))
    if (!answer.success) throw nonsense(NAME, 'something else than the volumes of a search')
    return readEntries(NAME, (answer.data.items ?? []).slice(0, VOLUMES), (value) => bookFrom(value))
  }

  const edition = async (isbn: string, signal: AbortSignal): Promise<ProviderAnswer> => {
    const { books, error } = await search(`isbn:${isbn}`, signal)
    const book = books.find((one) => one.isbn === isbn)
    if (book !== undefined) return { book }
    return error === undefined ? { candidates: books.map((one) => ({ book: one, confidence: OTHER_EDITION })) } : { error }
  }

  const byIsbn = (isbns: readonly string[], signal: AbortSignal) => Promise.all(isbns.map((isbn) => edition(isbn, signal)))

  const byTitle = async (asked: TitleQuery, signal: AbortSignal): Promise<ProviderAnswer> => {
    const author = quoted(asked.author ?? '')
    const q = [`intitle:${quoted(asked.title)}`, ...(author === '""' ? [] : [`inauthor:${author}`])].join(' ')
    return titleAnswer(asked, await search(q, signal))
  }

  return { name: NAME, batchSize: 1, requestsPerSecond: PER_SECOND, ...lookUpsOf(client, { byIsbn, byTitle }) }
}

function quoted(phrase: string): string {
  return `"${phrase.replaceAll('"', ' ').trim()}"`
}

function bookFrom(value: unknown): Book[] | undefined {
  const { data } = volumeSchema.safeParse(value)
  if (data === undefined) return undefined
  const info = data.volumeInfo
  const book = bookOf(NAME, {
    isbn: (info.industryIdentifiers ?? []).flatMap(({ identifier }) => isbn13Of(identifier) ?? [])[0] ?? '',
    title: info.title,
    subtitle: info.subtitle,
    authors: info.authors,
    publisher: info.publisher,
    publishedDate: info.publishedDate,
    description: plainText(info.description),
    pageCount: info.pageCount,
    categories: info.categories,
    language: info.language,
    covers: coversOf(info.imageLinks),
  })
  return [book]
}

/** The links come with http. Searches give the two thumbnails, single volumes all sizes. */
function coversOf(links: ImageLinks): Covers | undefined {
  const small = links?.smallThumbnail ?? links?.thumbnail
  const medium = links?.small ?? links?.thumbnail ?? small
  const large = links?.extraLarge ?? links?.large ?? links?.medium ?? medium
  return small === undefined || medium === undefined || large === undefined ? undefined : safeCovers({ large, medium, small })
}
