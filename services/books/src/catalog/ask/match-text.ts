import type { Database } from '@headway/sqlite'
import type { Candidate } from '../../book.js'
import { fold, wordsOf } from '../fold.js'
import { compareTitle } from '../title.js'
import { listOf } from '../list-column.js'
import { firstSurname, surnamesOf } from './author-score.js'
import { EditionIndex, Judged } from './edition-index.js'
import { isCommon, pairQuery, quoted, tellingWords, trigramsOf, wordQuery } from './fts-query.js'
import { bookOf } from './rows.js'
import type { EditionRow } from './rows.js'
import { containment, coverage, nearest } from './similarity.js'

const MAX_BY_WORDS = 60
const MAX_BY_TRIGRAMS = 40
const IN_TITLE_OR_AUTHORS = '{title subtitle authors}'
/** Of a text all of whose words are common, two together say something. */
const MAX_PAIRED = 5
/** Only below this are misread words thought of. */
const LOW = 0.75
/** Letters of a spine's text that are looked at: no spine has more to say. */
const MAX_TEXT = 300

/** What a title that is there in full counts for, and what the author adds, and that nothing else is on the spine. */
const TITLE_PART = 0.55
const AUTHOR_PART = 0.25
const NOTHING_ELSE_PART = 0.2
/** Letters of two words that run together are taken for a misreading up to here. */
const READABLE = 0.75

/** Finds the book whose title and author a text has, in any order, with letters misread, spaces lost and a publisher's name beside them. */
export class TextMatcher {
  readonly #index: EditionIndex

  constructor(db: Database) {
    this.#index = new EditionIndex(db, { maxByWords: MAX_BY_WORDS, maxByTrigrams: MAX_BY_TRIGRAMS, weights: [6, 2, 6, 0] })
  }

  match(text: string, limit: number): readonly Candidate[] {
    const words = wordsOf(fold(text.slice(0, MAX_TEXT))).map(lettersOnly)
    const folded = words.join(' ')
    if (words.length === 0) return []
    const found = new Judged((row) => ({ row, confidence: score(row, words) }))
    const { rare, common, unknown } = this.#index.words.sort(tellingWords(words), IN_TITLE_OR_AUTHORS)
    const query = rare.length > 0 ? wordQuery(rare, 'or', IN_TITLE_OR_AUTHORS) : pairQuery(common.slice(0, MAX_PAIRED).map(quoted))
    const best = found.add(this.#index.byWords(query))
    const trigrams = best < LOW && unknown.length > 0 ? this.#index.trigrams.sort(trigramsOf(folded)).rare : []
    found.add(this.#index.byTrigrams(wordQuery(trigrams, 'or')))
    return ranked(found.all()).slice(0, limit)
  }
}

/** Digits within a word are letters misread. */
function lettersOnly(word: string): string {
  return /[a-z]/.test(word) ? word.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('5', 's') : word
}

function score(row: EditionRow, words: readonly string[]): number {
  const { main, subtitle } = compareTitle(row[3], row[4] ?? undefined)
  const titleWords = wordsOf(main)
  const joined = words.join('')
  const byWords = coverage(titleWords, words, isCommon)
  const together = containment(main.replaceAll(' ', ''), joined)
  const titleFit = Math.max(byWords, together >= READABLE ? together : 0)
  const authors = listOf(row[5])
  const surnames = surnamesOf(authors)
  const authorFit = Math.max(0, ...surnames.map((surname) => surnameFit(surname, words, joined)))
  // Short titles are found everywhere; only with their author do they mean anything.
  const telling = Math.min(1, main.length / 12)
  const explained = coverage(words, [...titleWords, ...wordsOf(subtitle), ...authors.flatMap((author) => wordsOf(fold(author)))], isCommon)
  return (
    titleFit *
    titleFit *
    (TITLE_PART * (authorFit > 0 ? 1 : telling) +
      AUTHOR_PART * authorFit +
      NOTHING_ELSE_PART * Math.max(explained, together >= 0.95 && authorFit > 0.95 ? 0.8 : 0))
  )
}

function surnameFit(surname: string, words: readonly string[], joined: string): number {
  const byWord = nearest(surname, words)
  if (byWord === 1 || surname.length < 5) return byWord
  const within = containment(surname, joined)
  return Math.max(byWord, within >= READABLE ? within : 0)
}

function ranked(found: readonly { readonly row: EditionRow; readonly confidence: number }[]): Candidate[] {
  const sorted = found.toSorted((a, b) => b.confidence - a.confidence || b.row[15] - a.row[15] || a.row[0] - b.row[0])
  const books = new Map<string, Candidate>()
  for (const { row, confidence } of sorted) {
    // Whole titles: volumes, comics and translations of a work begin with its title too, and only the spine tells which it is.
    const key = `${fold(row[3])}\n${firstSurname(listOf(row[5]))}`
    if (confidence > 0 && !books.has(key)) books.set(key, { book: bookOf(row), confidence: Math.round(confidence * 1000) / 1000 })
  }
  return [...books.values()]
}
