import { z } from 'zod'
import { bookAnswerSchema, searchAnswerSchema } from './book-answers.js'
import { answer } from './envelope.js'
import { PATHS } from './paths.js'
import { requireIsbn } from './require-isbn.js'
import type { BookRouteOptions } from './routes-books.js'

const isbnQuerySchema = z.object({
  isbn: z.string().max(40).optional().describe('ISBN-13 or ISBN-10; without it the answer is MISSING_ISBN'),
})

const titleQuerySchema = z.object({
  q: z.string().trim().min(1).max(300).describe('What is looked for'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many books'),
})

/** The look-ups of V1. */
export function mountOldSearch({ add, kit, lookup }: BookRouteOptions): void {
  add(
    {
      method: 'get',
      path: PATHS.searchIsbn,
      summary: 'Look up one edition (V1)',
      access: 'by-setting',
      query: isbnQuerySchema,
      responses: { 200: { description: 'The edition', content: { 'application/json': bookAnswerSchema } } },
      errors: ['MISSING_ISBN', 'VALIDATION_ERROR', 'NOT_FOUND', 'API_ERROR', 'CIRCUIT_OPEN', 'OVERLOADED'],
    },
    'books-search',
    async (c) => {
      const startedAt = performance.now()
      const { book, cached } = await lookup.byIsbn(requireIsbn(kit.readQuery(c, isbnQuerySchema).isbn), c.req.raw.signal)
      return answer(c, book, { startedAt, cached })
    },
  )
  add(
    {
      method: 'get',
      path: PATHS.searchTitle,
      summary: 'Search books by title (V1)',
      access: 'by-setting',
      query: titleQuerySchema,
      responses: {
        200: {
          description: 'The books',
          content: { 'application/json': searchAnswerSchema },
        },
      },
      errors: ['VALIDATION_ERROR', 'OVERLOADED'],
    },
    'books-search',
    async (c) => {
      const startedAt = performance.now()
      const { q, limit } = kit.readQuery(c, titleQuerySchema)
      const { books, total } = await lookup.search('text', { text: q, page: 1, limit }, c.req.raw.signal)
      return answer(c, { books, total }, { startedAt })
    },
  )
}
