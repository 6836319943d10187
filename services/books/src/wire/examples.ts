import type { Book } from '../book.js'

export const EXAMPLE_JOB = '5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90'
export const EXAMPLE_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl'
export const EXAMPLE_TIME = '2026-11-22T10:30:01.234Z'

/** A book as the catalog that ships knows it. */
export const EXAMPLE_BOOK: Book = {
  isbn: '9780618346257',
  isbn10: '0618346252',
  title: 'The Fellowship of the Ring',
  authors: ['J. R. R. Tolkien'],
  publisher: 'Houghton Mifflin',
  publishedDate: '2003',
  pageCount: 398,
  language: 'en',
  provider: 'alexandria',
  quality: 70,
}

/** Where a server is. */
export const EXAMPLE_BASE = 'http://127.0.0.1:3000'

export const EXAMPLE_METADATA = { timestamp: EXAMPLE_TIME, requestId: '1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11' }

export const EXAMPLE_FIGURES = { progress: 0.64, processedCount: 32, totalCount: 50 }
