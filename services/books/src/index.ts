export { PROVIDER_NAMES, bookSchema } from './book.js'
export type { Book, BookQuery, Candidate, ProviderName } from './book.js'
