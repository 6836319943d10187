import { firstSurname } from '../catalog/ask/author-score.js'
import { fold } from '../catalog/fold.js'
import type { Book, BookQuery, Candidate } from '../book.js'
import { OTHER_EDITION } from './confidence.js'
import { mergeBooks, type Contribution, type Merged, type Sources } from './merge.js'
import type { ProviderAnswer } from './provider.js'
import type { EnricherSettings } from './settings.js'

/** What one provider, or the cache, answered. */
export interface Part extends ProviderAnswer {
  readonly sources?: Sources | undefined
}

/** What is known of a query when all are heard. */
export interface Decision {
  readonly found: boolean
  readonly book?: Book
  /** 1: the edition that was asked for. */
  readonly confidence: number
  /** Of what is not found: who might be meant. */
  readonly candidates?: readonly Candidate[]
  readonly sources?: Sources
}

/** Candidates nearer than this to each other are equally sure. */
const NEAR = 0.05

type Rules = Pick<EnricherSettings, 'confidenceBar' | 'maxCandidates'>

/** Makes one answer of several. The edition that was asked for is never another one; a match by title needs the confidence that the bar names. */
export function decide(query: BookQuery, parts: readonly Part[], rules: Rules): Decision {
  return 'isbn' in query ? decideEdition(query.isbn, parts, rules) : decideTitle(query, parts, rules)
}

function decideEdition(isbn: string, parts: readonly Part[], rules: Rules): Decision {
  const [first, ...others] = parts.flatMap(({ book, sources }): Contribution[] => (book?.isbn === isbn ? [{ book, sources }] : []))
  if (first !== undefined) return { found: true, confidence: 1, ...mergeBooks([first, ...others]) }
  const strays = parts.flatMap(({ book }) => (book === undefined ? [] : [{ book, confidence: OTHER_EDITION }]))
  return notFound(merged([...strays, ...parts.flatMap(({ candidates }) => candidates ?? [])], parts), rules)
}

function decideTitle(query: Exclude<BookQuery, { isbn: string }>, parts: readonly Part[], rules: Rules): Decision {
  const ranked = merged(
    parts.flatMap(({ candidates }) => candidates ?? []),
    parts,
  )
  const [best] = ranked
  const isNamed = (query.author?.trim() ?? '') !== ''
  if (best === undefined || best.confidence < rules.confidenceBar || (!isNamed && isAmbiguous(ranked))) return notFound(ranked, rules)
  const { book, confidence, sources } = best
  return { found: true, book, confidence, sources }
}

/** Without an author, books of the same title by different people are all equally meant. */
function isAmbiguous([best, ...others]: readonly Candidate[]): boolean {
  if (best === undefined) return false
  return others.some(
    ({ book, confidence }) => confidence > best.confidence - NEAR && firstSurname(book.authors) !== firstSurname(best.book.authors),
  )
}

function notFound(ranked: readonly Candidate[], { maxCandidates }: Rules): Decision {
  const candidates = ranked.slice(0, maxCandidates).map(({ book, confidence }) => ({ book: outline(book), confidence }))
  return { found: false, confidence: ranked[0]?.confidence ?? 0, ...(candidates.length > 0 && { candidates }) }
}

/** Enough to choose by. Several go into one event, which has a limit. */
function outline({ description: _description, categories: _categories, ...book }: Book): Book {
  return { ...book, authors: book.authors.slice(0, 5) }
}

/** The same book from several providers is one candidate. Best first. */
function merged(candidates: readonly Candidate[], parts: readonly Part[]): (Merged & Candidate)[] {
  const groups = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const key = identityOf(candidate.book)
    groups.set(key, [...(groups.get(key) ?? []), candidate])
  }
  const sourcesOf = ({ book }: Candidate): Sources | undefined =>
    parts.find((part) => part.book === book || part.candidates?.some((candidate) => candidate.book === book))?.sources
  return [...groups.values()]
    .flatMap((group) => {
      const [first, ...others] = group.map((candidate): Contribution => ({ book: candidate.book, sources: sourcesOf(candidate) }))
      if (first === undefined) return []
      return [{ ...mergeBooks([first, ...others]), confidence: Math.max(...group.map(({ confidence }) => confidence)) }]
    })
    .toSorted((a, b) => b.confidence - a.confidence || b.book.quality - a.book.quality)
}

function identityOf({ isbn, title, authors }: Book): string {
  return isbn === '' ? `${fold(title)}|${firstSurname(authors)}` : isbn
}
