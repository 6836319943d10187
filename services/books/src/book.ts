import { z } from 'zod'

/** Where what is known of a book comes from. The embedded catalog is `alexandria` on the wire. */
export const PROVIDER_NAMES = ['alexandria', 'open_library', 'isbndb', 'google_books'] as const

export type ProviderName = (typeof PROVIDER_NAMES)[number]

const coverUrlsSchema = z.object({ large: z.string(), medium: z.string(), small: z.string() })

/** What is known of one edition, as the wire shows it. */
export const bookSchema = z.object({
  isbn: z.string().describe('ISBN-13, without hyphens; empty where the edition has none'),
  isbn10: z.string().optional(),
  title: z.string(),
  subtitle: z.string().optional(),
  authors: z.array(z.string()),
  publisher: z.string().optional(),
  publishedDate: z.string().optional().describe('`2008`, `2008-09` or `2008-09-14`'),
  description: z.string().optional(),
  pageCount: z.int().positive().optional(),
  categories: z.array(z.string()).optional(),
  language: z.string().optional().describe('ISO 639-1 where there is one: `en`'),
  coverUrl: z.string().optional(),
  coverUrls: coverUrlsSchema.optional(),
  coverSource: z.enum(['r2', 'external', 'external-fallback']).optional(),
  workKey: z.string().optional(),
  editionKey: z.string().optional(),
  provider: z.enum(PROVIDER_NAMES).describe('Who gave most of it; `alexandria` is the embedded catalog'),
  quality: z.number().min(0).max(100).describe('How much is known of it'),
})

export type Book = z.infer<typeof bookSchema>

/** A book that might be meant, and how sure that is: 0 to 1. */
export interface Candidate {
  readonly book: Book
  readonly confidence: number
}

/** What is asked: one edition by its ISBN-13, or a book by what its cover says. */
export type BookQuery = { readonly isbn: string } | { readonly title: string; readonly author?: string | undefined }
