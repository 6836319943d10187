import { HeadwayError } from '@headway/core'
import { isbn13Of } from '../isbn.js'

/** The ISBN-13 of a request. @throws HeadwayError MISSING_ISBN, VALIDATION_ERROR */
export function requireIsbn(text: string | undefined): string {
  if (text === undefined || text.trim() === '') throw new HeadwayError('MISSING_ISBN', 'Say which book: `isbn` is missing.')
  const isbn = isbn13Of(text)
  if (isbn !== undefined) return isbn
  throw new HeadwayError('VALIDATION_ERROR', 'This is no ISBN: its length or its check digit is wrong.', {
    fields: [{ pointer: '/isbn', message: 'is no ISBN-13 or ISBN-10' }],
  })
}
