import { HeadwayError } from '@headway/core'
import { nameSchema } from '@headway/server'
import type { ServerKit } from '@headway/server'
import { z } from 'zod'
import type { BookLookup, SearchMode } from '../lookup.js'
import { SEARCH_MODES } from '../lookup.js'
import { bookAnswerSchema, enrichAnswerSchema, searchAnswerSchema, weeklyAnswerSchema } from './book-answers.js'
import { answer } from './envelope.js'
import { EXAMPLE_BOOK } from './examples.js'
import { requireIsbn } from './require-isbn.js'
import { PATHS } from './paths.js'
import type { AddRoute } from './route-tools.js'
import { weekOf } from './week.js'

const MAX_PAGE_BOOKS = 100
const MAX_QUERY_CHARACTERS = 300

const searchQuerySchema = z.object({
  q: z.string().trim().min(1).max(MAX_QUERY_CHARACTERS).describe('What is looked for'),
  mode: z.enum(SEARCH_MODES).default('text').describe('How it is looked for'),
  page: z.coerce.number().int().min(1).max(1000).default(1).describe('Which page, from 1'),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_BOOKS).default(20).describe('Books of a page'),
})

const weeklyQuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(20).default(10).describe('How many books') })

export interface BookRouteOptions {
  readonly add: AddRoute
  readonly kit: ServerKit
  readonly lookup: BookLookup
  /** How many ISBNs `POST /v3/books/enrich` takes: it answers when all are looked up. */
  readonly maxEnrich: number
}

/** Looking books up, while one waits. */
export function mountBooks(options: BookRouteOptions): void {
  mountSearch(options)
  mountBook(options)
  mountEnrich(options)
  mountWeekly(options)
}

function mountSearch({ add, kit, lookup }: BookRouteOptions): void {
  add(
    {
      method: 'get',
      path: PATHS.search,
      summary: 'Search books',
      description:
        'By words (`text`), by meaning (`semantic`: by words where no embeddings are configured, see the capabilities), or like a book (`similar`: `q` is an ISBN or a text).',
      access: 'by-setting',
      query: searchQuerySchema,
      responses: { 200: { description: 'A page of books', content: { 'application/json': searchAnswerSchema } } },
      errors: ['VALIDATION_ERROR', 'OVERLOADED'],
    },
    'books-search',
    async (c) => {
      const startedAt = performance.now()
      const { q, mode, page, limit } = kit.readQuery(c, searchQuerySchema)
      if (mode === 'semantic') await kit.consume('books-semantic', c.var.client.ip)
      const { books, total } = await lookup.search(mode satisfies SearchMode, { text: q, page, limit }, c.req.raw.signal)
      return answer(c, { books, total }, { startedAt })
    },
  )
}

function mountBook({ add, lookup }: BookRouteOptions): void {
  add(
    {
      method: 'get',
      path: PATHS.book,
      summary: 'Look up one edition',
      access: 'by-setting',
      params: z.object({ isbn: z.string().describe('ISBN-13 or ISBN-10') }),
      responses: { 200: { description: 'The edition', content: { 'application/json': bookAnswerSchema } } },
      errors: ['VALIDATION_ERROR', 'NOT_FOUND', 'API_ERROR', 'CIRCUIT_OPEN', 'OVERLOADED'],
    },
    'books-search',
    async (c) => {
      const startedAt = performance.now()
      const { book, cached } = await lookup.byIsbn(requireIsbn(c.req.param('isbn')), c.req.raw.signal)
      return answer(c, book, { startedAt, cached })
    },
  )
}

function mountEnrich({ add, kit, lookup, maxEnrich }: BookRouteOptions): void {
  const bodySchema = z.object({
    isbns: z.array(z.string().max(40)).min(1).max(maxEnrich),
    includeEmbedding: z.boolean().default(false).describe('Adds the embedding of each book, where embeddings are configured'),
  })
  nameSchema('BookEnrichRequest', bodySchema, { example: { isbns: [EXAMPLE_BOOK.isbn] } })
  add(
    {
      method: 'post',
      path: PATHS.enrich,
      summary: 'Look up some editions at once',
      description: 'For many, create a job: POST /v3/jobs/enrichment.',
      access: 'by-setting',
      body: { schema: bodySchema, required: true },
      responses: {
        200: {
          description: 'Those that were found',
          content: { 'application/json': enrichAnswerSchema },
        },
      },
      errors: ['INVALID_JSON', 'VALIDATION_ERROR', 'BODY_TOO_LARGE', 'API_ERROR', 'CIRCUIT_OPEN', 'OVERLOADED'],
    },
    'books-search',
    async (c) => {
      const startedAt = performance.now()
      const { isbns, includeEmbedding } = await kit.readJson(c, bodySchema)
      // Embeddings may cost the operator money, here as in a search by meaning.
      if (includeEmbedding) await kit.consume('books-semantic', c.var.client.ip)
      const { books, errors } = await lookup.enrich(isbns, includeEmbedding, c.req.raw.signal)
      const members = { books, found: books.length, requested: isbns.length, ...(errors.length > 0 && { errors }) }
      return answer(c, members, { startedAt })
    },
  )
}

function mountWeekly({ add, kit, lookup }: BookRouteOptions): void {
  add(
    {
      method: 'get',
      path: PATHS.recommendations,
      summary: 'Books of the week',
      description: 'The same for everybody, from Sunday 00:00 UTC to the next.',
      access: 'by-setting',
      query: weeklyQuerySchema,
      responses: { 200: { description: 'The books', content: { 'application/json': weeklyAnswerSchema } } },
      errors: ['VALIDATION_ERROR', 'NOT_FOUND', 'OVERLOADED'],
    },
    'books-search',
    async (c) => {
      const { limit } = kit.readQuery(c, weeklyQuerySchema)
      const week = weekOf(new Date())
      const { books, total } = await lookup.weekly(week.number, limit)
      if (books.length === 0)
        throw new HeadwayError('NOT_FOUND', 'There are no recommendations: the catalog is empty. Fill it with `headway catalog ingest`.')
      const recommendations = books.map(({ book, reason }) => ({
        isbn: book.isbn,
        title: book.title,
        author: book.authors[0] ?? '',
        ...(book.coverUrl !== undefined && { coverUrl: book.coverUrl }),
        reason,
      }))
      return answer(c, { weekOf: week.startsOn, recommendations, count: recommendations.length, totalAvailable: total })
    },
  )
}
