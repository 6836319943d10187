export const EXAMPLE_JOB = '5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90'
export const EXAMPLE_TIME = '2026-11-22T10:30:01.234Z'

/** A book as a catalog knows it. */
export const EXAMPLE_BOOK = {
  isbn: '9780261103573',
  title: 'The Fellowship of the Ring',
  authors: ['J. R. R. Tolkien'],
  publisher: 'HarperCollins',
  publishedDate: '1991',
  language: 'en',
  provider: 'alexandria',
  quality: 70,
}

export const EXAMPLE_FIGURES = { progress: 0.64, processedCount: 32, totalCount: 50 }
