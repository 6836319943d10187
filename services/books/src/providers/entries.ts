import type { Book } from '../book.js'
import type { TitleQuery } from '../catalog/catalog.js'
import { rankedCandidates } from './confidence.js'
import type { ProviderAnswer } from './provider.js'
import { nonsense, type ProviderError } from './provider-error.js'

/** What could be made of the entries of an answer. */
interface Entries {
  readonly books: readonly Book[]
  /** Those that are none. The others are as good as they would be without them. */
  readonly broken: readonly unknown[]
  /** Where there are such. */
  readonly error?: ProviderError
}

/** Reads entries one by one, so that one that is broken costs no other. @param read undefined: it is none; `[]`: it says nothing of use */
export function readEntries(provider: string, values: readonly unknown[], read: (value: unknown) => readonly Book[] | undefined): Entries {
  const found = values.map((value) => read(value))
  const books = found.flatMap((some) => some ?? [])
  const broken = values.filter((_, index) => found[index] === undefined)
  return broken.length === 0 ? { books, broken } : { books, broken, error: nonsense(provider, 'a book that is none') }
}

/** Who could be meant by a title. Only where nothing can be used is it an error. */
export function titleAnswer(asked: TitleQuery, { books, error }: Entries): ProviderAnswer {
  return books.length === 0 && error !== undefined ? { error } : { candidates: rankedCandidates(asked, books) }
}
