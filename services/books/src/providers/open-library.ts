import { z } from 'zod'
import type { Book } from '../book.js'
import { coverUrls } from '../catalog/covers.js'
import type { TitleQuery } from '../catalog/catalog.js'
import { isbn13Of } from '../isbn.js'
import { OTHER_EDITION } from './confidence.js'
import { readEntries, titleAnswer } from './entries.js'
import { bookOf, safeCovers } from './facts.js'
import { createJsonClient, type HttpSettings } from './http/json-client.js'
import { lookUpsOf } from './kinds.js'
import type { Provider, ProviderAnswer } from './provider.js'
import { nonsense } from './provider-error.js'

/** How Open Library is asked. */
export interface OpenLibraryOptions extends HttpSettings {
  /** Default https://openlibrary.org. */
  readonly baseUrl?: string
  /** An e-mail address or a URL where somebody can be reached. Who says one may ask three times a second, others once. */
  readonly contact?: string
}

const NAME = 'open_library'
const BASE_URL = 'https://openlibrary.org'
/** ISBNs of one call: URLs stay short, and more are slow to answer. */
const BATCH_SIZE = 25
/** Calls a second (https://openlibrary.org/developers/api, "Rate limits"). */
const PER_SECOND = { known: 3, unknown: 1 } as const
/** Works of one search; more are not better. */
const WORKS = 5

const text = z.string().optional()
const named = z.array(z.object({ name: z.string() })).optional()

/** One edition of `api/books` with `jscmd=data`, as far as it is used. */
const editionSchema = z.object({
  key: text,
  title: z.string(),
  subtitle: text,
  authors: named,
  publishers: named,
  publish_date: text,
  number_of_pages: z.number().optional(),
  subjects: named,
  identifiers: z.object({ isbn_10: z.array(z.string()).optional(), isbn_13: z.array(z.string()).optional() }).optional(),
  cover: z.object({ small: z.string(), medium: z.string(), large: z.string() }).optional(),
})

const texts = z.array(z.string()).optional()

/** One work of `search.json`, with the edition that fits best, as far as it is used. */
const workSchema = z.object({
  key: text,
  title: z.string(),
  subtitle: text,
  author_name: texts,
  first_publish_year: z.number().optional(),
  subject: texts,
  cover_i: z.number().optional(),
  editions: z
    .object({
      docs: z.array(
        z.object({
          key: text,
          title: text,
          subtitle: text,
          isbn: texts,
          language: texts,
          publisher: texts,
          publish_date: texts,
          cover_i: z.number().optional(),
        }),
      ),
    })
    .optional(),
})
const searchSchema = z.object({ docs: z.array(z.unknown()) })

const EDITION_FIELDS = ['key', 'title', 'subtitle', 'isbn', 'language', 'publisher', 'publish_date', 'cover_i']
const FIELDS = ['key', 'title', 'subtitle', 'author_name', 'first_publish_year', 'subject', 'cover_i', 'editions']
  .concat(EDITION_FIELDS.map((field) => `editions.${field}`))
  .join(',')

/**
 * Open Library: exact editions by the Books API, titles by the search.
 *
 * @see https://openlibrary.org/dev/docs/api/books https://openlibrary.org/dev/docs/api/search
 * @throws TypeError when the base is no URL
 */
export function createOpenLibraryProvider(options: OpenLibraryOptions = {}): Provider {
  const { contact, baseUrl = BASE_URL, ...http } = options
  const userAgent = contact === undefined ? 'Headway (books)' : `Headway (books; ${contact})`
  const client = createJsonClient({ ...http, name: NAME, baseUrl, headers: { 'user-agent': userAgent } })

  const byIsbn = async (isbns: readonly string[], signal: AbortSignal): Promise<ProviderAnswer[]> => {
    const query = { bibkeys: isbns.map((isbn) => keyOf(isbn)).join(','), jscmd: 'data', format: 'json' }
    const answer = z.record(z.string(), z.unknown()).safeParse(await client.ask({ path: 'api/books', query }, signal))
    if (!answer.success) throw nonsense(NAME, 'something else than editions by their ISBNs')
    return isbns.map((isbn) => editionAnswer(isbn, answer.data[keyOf(isbn)]))
  }

  const byTitle = async (asked: TitleQuery, signal: AbortSignal): Promise<ProviderAnswer> => {
    const author = asked.author?.trim() ?? ''
    const query = { title: asked.title, ...(author !== '' && { author }), fields: FIELDS, limit: String(WORKS) }
    const answer = searchSchema.safeParse(await client.ask({ path: 'search.json', query }, signal))
    if (!answer.success) throw nonsense(NAME, 'something else than the works of a search')
    return titleAnswer(
      asked,
      readEntries(NAME, answer.data.docs.slice(0, WORKS), (doc) => workBook(doc)),
    )
  }

  const requestsPerSecond = contact === undefined ? PER_SECOND.unknown : PER_SECOND.known
  return { name: NAME, batchSize: BATCH_SIZE, requestsPerSecond, ...lookUpsOf(client, { byIsbn, byTitle }) }
}

function keyOf(isbn: string): string {
  return `ISBN:${isbn}`
}

function editionAnswer(asked: string, value: unknown): ProviderAnswer {
  if (value === undefined) return {}
  const { data } = editionSchema.safeParse(value)
  if (data === undefined) return { error: nonsense(NAME, 'an edition that is none') }
  const { isbn_10 = [], isbn_13 = [] } = data.identifiers ?? {}
  const isbns = [...isbn_13, ...isbn_10].flatMap((isbn) => isbn13Of(isbn) ?? [])
  // An edition that names no ISBN was found by the one that was asked for.
  const isbn = isbns.length === 0 || isbns.includes(asked) ? asked : (isbns[0] ?? '')
  const book = bookOf(NAME, {
    isbn,
    title: data.title,
    subtitle: data.subtitle,
    authors: namesOf(data.authors),
    publisher: namesOf(data.publishers)[0],
    publishedDate: data.publish_date,
    pageCount: data.number_of_pages,
    categories: namesOf(data.subjects).filter((name) => isSubject(name)),
    covers: data.cover === undefined ? undefined : safeCovers(data.cover),
    editionKey: data.key?.replace(/^\/books\//, ''),
  })
  return isbn === asked ? { book } : { candidates: [{ book, confidence: OTHER_EDITION }] }
}

function workBook(value: unknown): Book[] | undefined {
  const { data } = workSchema.safeParse(value)
  if (data === undefined) return undefined
  const edition = data.editions?.docs[0]
  const coverId = edition?.cover_i ?? data.cover_i
  const book = bookOf(NAME, {
    isbn: (edition?.isbn ?? []).flatMap((isbn) => isbn13Of(isbn) ?? [])[0] ?? '',
    title: edition?.title ?? data.title,
    subtitle: edition === undefined ? data.subtitle : edition.subtitle,
    authors: data.author_name,
    publisher: edition?.publisher?.[0],
    publishedDate: edition?.publish_date?.[0] ?? data.first_publish_year?.toString(),
    categories: data.subject?.filter((name) => isSubject(name)),
    language: edition?.language?.[0],
    covers: coverId === undefined || coverId < 1 ? undefined : coverUrls({ coverId }),
    workKey: data.key?.replace(/^\/works\//, ''),
    editionKey: edition?.key?.replace(/^\/books\//, ''),
  })
  return book.title === '' ? [] : [book]
}

function namesOf(list: readonly { readonly name: string }[] | undefined): string[] {
  return list?.map(({ name }) => name) ?? []
}

/** Some subjects are marks for programs, as `nyt:series_books=2008-03-15`. */
function isSubject(name: string): boolean {
  return !/^[a-z_]+:|=/.test(name)
}
