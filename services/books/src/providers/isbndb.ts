import { z } from 'zod'
import type { Book } from '../book.js'
import type { TitleQuery } from '../catalog/catalog.js'
import { isbn13Of } from '../isbn.js'
import { readEntries, titleAnswer } from './entries.js'
import { bookOf, plainText, safeCovers } from './facts.js'
import { createJsonClient, type HttpSettings } from './http/json-client.js'
import { lookUpsOf } from './kinds.js'
import type { Provider, ProviderAnswer } from './provider.js'
import { nonsense } from './provider-error.js'

/** What the plans of ISBNdb allow, and where they are asked. */
const PLANS = {
  basic: { baseUrl: 'https://api2.isbndb.com', batchSize: 100, requestsPerSecond: 1 },
  premium: { baseUrl: 'https://api.premium.isbndb.com', batchSize: 1000, requestsPerSecond: 3 },
  pro: { baseUrl: 'https://api.pro.isbndb.com', batchSize: 1000, requestsPerSecond: 5 },
} as const

/** How ISBNdb is asked. */
export interface IsbndbOptions extends HttpSettings {
  readonly key: string
  /** Default `basic`. */
  readonly plan?: keyof typeof PLANS
  /** Default: as the plan has it. */
  readonly baseUrl?: string
}

const NAME = 'isbndb'
/** Calls are paid for, and a batch is large: it is worth waiting for it, in milliseconds. */
const LINGER_MS = 5000
/** Books of one search. */
const BOOKS = 10

const text = z.string().nullish()
const texts = z.array(z.string().nullable()).nullish()

/** One book, as far as it is used. The older name of `synopsis` is `overview`. */
const bookSchema = z.object({
  isbn13: text,
  isbn: text,
  title: z.string(),
  title_long: text,
  authors: texts,
  publisher: text,
  date_published: z.union([z.string(), z.number()]).nullish(),
  synopsis: text,
  overview: text,
  pages: z.number().nullish(),
  subjects: texts,
  language: text,
  image: text,
})
type RawBook = z.infer<typeof bookSchema>

/** Which book a broken one is meant to be. */
const namedSchema = z.object({ isbn13: z.string() })

const batchSchema = z.object({ data: z.array(z.unknown()) })
const searchSchema = z.object({ books: z.array(z.unknown()) })

/**
 * ISBNdb: many editions by one POST, titles by a search in the titles.
 *
 * @see https://isbndb.com/apidocs/v2
 * @throws TypeError when the base is no URL
 */
export function createIsbndbProvider(options: IsbndbOptions): Provider {
  const { key, plan = 'basic', baseUrl, ...http } = options
  const { batchSize, requestsPerSecond, baseUrl: plansUrl } = PLANS[plan]
  const client = createJsonClient({ ...http, name: NAME, baseUrl: baseUrl ?? plansUrl, headers: { authorization: key } })

  const byIsbn = async (isbns: readonly string[], signal: AbortSignal): Promise<ProviderAnswer[]> => {
    const answer = batchSchema.safeParse(await client.ask({ path: 'books', body: { isbns } }, signal))
    // A 404 is no list either: a batch without any hit is an empty list, and a key that is used up gives a 404.
    if (!answer.success) throw nonsense(NAME, 'no list of books')
    const { books, broken, error } = readEntries(NAME, answer.data.data, (value) => bookFrom(value))
    const known = new Map(books.map((book) => [book.isbn, book]))
    const brokenIsbns = new Set(broken.map((value) => namedSchema.safeParse(value).data?.isbn13))
    return isbns.map((isbn): ProviderAnswer => {
      const book = known.get(isbn)
      if (book !== undefined) return { book }
      // One that does not even say which it is may be any of those that are missing.
      return error !== undefined && (brokenIsbns.has(isbn) || brokenIsbns.has(undefined)) ? { error } : {}
    })
  }

  const byTitle = async (asked: TitleQuery, signal: AbortSignal): Promise<ProviderAnswer> => {
    // The title is a part of the path: without a letter or digit it could be another path.
    if (!/[\p{L}\p{N}]/u.test(asked.title)) return {}
    const query = { page: '1', pageSize: String(BOOKS), column: 'title' }
    const answer = await client.ask({ path: `books/${encodeURIComponent(asked.title)}`, query }, signal)
    if (answer === undefined) return {}
    const found = searchSchema.safeParse(answer)
    if (!found.success) throw nonsense(NAME, 'something else than the books of a search')
    return titleAnswer(
      asked,
      readEntries(NAME, found.data.books.slice(0, BOOKS), (value) => bookFrom(value)),
    )
  }

  return { name: NAME, batchSize, requestsPerSecond, lingerMs: LINGER_MS, ...lookUpsOf(client, { byIsbn, byTitle }) }
}

function bookFrom(value: unknown): Book[] | undefined {
  const { data } = bookSchema.safeParse(value)
  if (data === undefined) return undefined
  const book = bookOf(NAME, {
    isbn: isbn13Of(data.isbn13 ?? '') ?? isbn13Of(data.isbn ?? '') ?? '',
    title: data.title,
    subtitle: subtitleOf(data),
    authors: textsOf(data.authors),
    publisher: data.publisher ?? undefined,
    publishedDate: data.date_published?.toString(),
    description: plainText(data.synopsis ?? data.overview ?? undefined),
    pageCount: data.pages ?? undefined,
    categories: textsOf(data.subjects),
    language: data.language ?? undefined,
    covers: typeof data.image === 'string' ? safeCovers({ large: data.image, medium: data.image, small: data.image }) : undefined,
  })
  return [book]
}

/** The long title has the subtitle behind a colon. */
function subtitleOf({ title, title_long: long }: RawBook): string | undefined {
  return typeof long === 'string' && long.startsWith(`${title}:`) ? long.slice(title.length + 1) : undefined
}

function textsOf(list: readonly (string | null)[] | null | undefined): string[] {
  return list?.flatMap((entry) => entry ?? []) ?? []
}
