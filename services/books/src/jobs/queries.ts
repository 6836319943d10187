import type { BookQuery } from '../book.js'
import { isbn13Of } from '../isbn.js'
import type { AskedBook } from './enrichment-input.js'

/** What is asked of the providers for a book. An ISBN that is none is asked for as it is, so that the answer says so. */
export function queryOf({ isbn, title, author }: AskedBook): BookQuery {
  if (isbn !== undefined) return { isbn: isbn13Of(isbn) ?? isbn }
  return { title: title ?? '', ...(author !== undefined && { author }) }
}
