import { nameSchema } from '@headway/server'
import { z } from 'zod'
import { bookSchema } from '../book.js'
import { answerSchema } from './envelope.js'
import { EXAMPLE_BOOK } from './examples.js'

nameSchema('Book', bookSchema, { example: EXAMPLE_BOOK })

/** One edition. */
export const bookAnswerSchema = answerSchema('BookAnswer', bookSchema, EXAMPLE_BOOK)

/** A page of books. */
export const searchAnswerSchema = answerSchema('BookSearchAnswer', z.object({ books: z.array(bookSchema), total: z.int().nonnegative() }), {
  books: [EXAMPLE_BOOK],
  total: 1,
})

/** The books that were found of some editions. */
export const enrichAnswerSchema = answerSchema(
  'BookEnrichAnswer',
  z.object({
    books: z.array(bookSchema.extend({ embedding: z.array(z.number()).optional() })),
    found: z.int().nonnegative(),
    requested: z.int().nonnegative(),
    errors: z
      .array(z.object({ isbn: z.string(), code: z.string(), message: z.string(), retryable: z.boolean() }))
      .optional()
      .describe('Why nothing is known of some: they are no ISBNs, or those who might know them did not answer'),
  }),
  { books: [EXAMPLE_BOOK], found: 1, requested: 1 },
)

const recommendationSchema = z.object({
  isbn: z.string(),
  title: z.string(),
  author: z.string(),
  coverUrl: z.string().optional(),
  reason: z.string().describe('Why this book'),
})

/** The books of a week. */
export const weeklyAnswerSchema = answerSchema(
  'BooksOfTheWeek',
  z.object({
    weekOf: z.iso.date().describe('The Sunday with which the week begins'),
    recommendations: z.array(recommendationSchema),
    count: z.int().nonnegative(),
    totalAvailable: z.int().nonnegative(),
  }),
  {
    weekOf: '2026-11-22',
    recommendations: [
      { isbn: EXAMPLE_BOOK.isbn, title: EXAMPLE_BOOK.title, author: 'J. R. R. Tolkien', reason: 'Nine set out; the road goes ever on.' },
    ],
    count: 1,
    totalAvailable: 456,
  },
)
