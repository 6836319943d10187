import type { Book, Candidate } from '../../book.js'
import { nonsense } from '../provider-error.js'
import type { EmbeddingProvider } from './embedding-provider.js'

/** Books of one ranking. */
const MAX_BOOKS = 100
/** Characters of a book's text. */
const MAX_TEXT = 1000

/**
 * The books in the order of how near they are in meaning to a text, by the cosine, which is their confidence,
 * 0 to 1.
 *
 * @param books at most 100 are ranked and kept
 * @throws ProviderError; the signal's reason when it is aborted
 */
export async function rankByMeaning(
  provider: EmbeddingProvider,
  text: string,
  books: readonly Book[],
  signal: AbortSignal,
): Promise<Candidate[]> {
  const ranked = books.slice(0, MAX_BOOKS)
  if (ranked.length === 0) return []
  const [wanted = [], ...vectors] = await provider.embed([text.slice(0, MAX_TEXT), ...ranked.map((book) => textOf(book))], signal)
  if (vectors.some(({ length }) => length !== wanted.length)) throw nonsense('embeddings', 'vectors of several lengths')
  return ranked
    .map((book, index) => ({ book, confidence: Math.max(0, cosine(wanted, vectors[index] ?? [])) }))
    .toSorted((a, b) => b.confidence - a.confidence)
}

function textOf({ title, subtitle = '', authors, categories = [], description = '' }: Book): string {
  return [title, subtitle, authors.join(', '), categories.join(', '), description]
    .filter((part) => part !== '')
    .join('. ')
    .slice(0, MAX_TEXT)
}

/** 1: the same direction; 0: nothing in common, or one has no length. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, lengthA, lengthB] = [0, 0, 0]
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0
    dot += x * y
    lengthA += x * x
    lengthB += y * y
  }
  return lengthA === 0 || lengthB === 0 ? 0 : dot / Math.sqrt(lengthA * lengthB)
}
