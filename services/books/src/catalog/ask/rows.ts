import type { Book } from '../../book.js'
import { coverUrls } from '../covers.js'
import { listOf } from '../list-column.js'

/** What a book is made from, in this order. */
export const COLUMNS =
  'e.id, e.isbn13, e.isbn10, e.title, e.subtitle, e.authors, e.publisher, e.published, e.pages, e.language, e.subjects, e.description, e.work_key, e.edition_key, e.cover, e.quality'

export type EditionRow = readonly [
  id: number,
  isbn13: string | null,
  isbn10: string | null,
  title: string,
  subtitle: string | null,
  authors: string,
  publisher: string | null,
  published: string | null,
  pages: number | null,
  language: string | null,
  subjects: string | null,
  description: string | null,
  workKey: string | null,
  editionKey: string | null,
  cover: number | null,
  quality: number,
]

export function bookOf(row: EditionRow): Book {
  const [, isbn13, isbn10, title, subtitle, authors, publisher, published, pages, language, subjects, description, workKey, editionKey] =
    row
  return {
    isbn: isbn13 ?? '',
    ...(isbn10 !== null && { isbn10 }),
    title,
    ...(subtitle !== null && { subtitle }),
    authors: listOf(authors),
    ...(publisher !== null && { publisher }),
    ...(published !== null && { publishedDate: published }),
    ...(description !== null && { description }),
    ...(pages !== null && { pageCount: pages }),
    ...(subjects !== null && { categories: listOf(subjects) }),
    ...(language !== null && { language }),
    ...coverOf(isbn13, row[14]),
    ...(workKey !== null && { workKey }),
    ...(editionKey !== null && { editionKey }),
    provider: 'alexandria',
    quality: row[15],
  }
}

function coverOf(isbn: string | null, coverId: number | null): Pick<Book, 'coverUrl' | 'coverUrls' | 'coverSource'> {
  if (coverId === null && isbn === null) return {}
  const urls = coverUrls(coverId === null ? { isbn: isbn ?? '' } : { coverId })
  return { coverUrl: urls.large, coverUrls: urls, coverSource: coverId === null ? 'external-fallback' : 'external' }
}
