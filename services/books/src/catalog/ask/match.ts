import type { Database, Statement } from '@headway/sqlite'
import type { Candidate } from '../../book.js'
import type { TitleQuery } from '../catalog.js'
import { wordsOf } from '../fold.js'
import { compareTitle } from '../title.js'
import type { ComparedTitle } from '../title.js'
import { listOf } from '../list-column.js'
import { firstSurname, surnamesOf } from './author-score.js'
import { EditionIndex, Judged } from './edition-index.js'
import { pairQuery, quoted, tellingWords, trigramsOf, wordQuery } from './fts-query.js'
import { bookOf, COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'
import { sureness, surenessOfOnly } from './sureness.js'
import { titleScore } from './title-score.js'

/** Candidates that are looked at, of each way to find them. */
const MAX_EXACT = 100
const MAX_BY_WORDS = 50
const MAX_BY_TRIGRAMS = 30

const IN_TITLE = '{title subtitle}'
/** Of a title all of whose words are common, two together say something. */
const MAX_PAIRED = 5

/** A candidate this good needs no further search. */
const GOOD = 0.95
/** Only below this are misspelt words thought of. */
const LOW = 0.7

/** Nobody said who wrote it, and there are books of several authors with this title. */
const AMBIGUOUS = 0.75

/** A candidate with what its rank depends on. */
interface Scored {
  readonly row: EditionRow
  readonly authors: readonly string[]
  readonly title: ComparedTitle
  readonly titleFit: number
  readonly confidence: number
}

/** Finds whom a title and an author mean. */
export class Matcher {
  readonly #exact: Statement<EditionRow>
  readonly #index: EditionIndex

  constructor(db: Database) {
    this.#exact = db.prepareTuples(`select ${COLUMNS} from editions e where e.title_key = ? order by e.quality desc limit ${MAX_EXACT}`)
    this.#index = new EditionIndex(db, { maxByWords: MAX_BY_WORDS, maxByTrigrams: MAX_BY_TRIGRAMS, weights: [10, 3, 6, 0] })
  }

  match({ title, author }: TitleQuery, limit: number): readonly Candidate[] {
    const wanted = compareTitle(title)
    if (wanted.main === '') return []
    const found = new Judged((row) => score(row, wanted, author))
    const best = found.add(this.#exact.all(wanted.main))
    if (best < GOOD && (author !== undefined || best === 0)) this.#lookFurther(wanted, author, found)
    return ranked(found.all(), wanted, author).slice(0, limit)
  }

  #lookFurther(wanted: ComparedTitle, author: string | undefined, found: Judged<Scored>): void {
    const words = tellingWords(wordsOf(`${wanted.main} ${wanted.subtitle}`.trim()))
    if (found.add(this.#index.byWords(wordQuery(words, 'and', IN_TITLE))) >= GOOD) return
    // A word is misspelt, or too many: some of the title's, or the author's name, are enough.
    const title = this.#index.words.sort(words, IN_TITLE)
    const surnames = author === undefined ? [] : this.#index.words.sort(surnamesOf([author]), 'authors').rare
    const rare = [...title.rare.map((word) => `${IN_TITLE} : ${quoted(word)}`), ...surnames.map((word) => `authors : ${quoted(word)}`)]
    const query =
      rare.length > 0 ? rare.join(' OR ') : pairQuery(title.common.slice(0, MAX_PAIRED).map((word) => `${IN_TITLE} : ${quoted(word)}`))
    const best = found.add(this.#index.byWords(query))
    // A title whose words are all to be found in titles is of another book, not misspelt.
    if (best >= LOW || title.unknown.length === 0) return
    const trigrams = this.#index.trigrams.sort(trigramsOf(wanted.main)).rare
    found.add(this.#index.byTrigrams(wordQuery(trigrams, 'or')))
  }
}

function score(row: EditionRow, wanted: ComparedTitle, author: string | undefined): Scored {
  const authors = listOf(row[5])
  const title = compareTitle(row[3], row[4] ?? undefined)
  const titleFit = titleScore(wanted, title)
  const confidence = titleFit * sureness(wanted, author, authors)
  return { row, authors, title, titleFit, confidence }
}

/** Best first, one edition of each book: the one of which most is known. */
function ranked(found: readonly Scored[], wanted: ComparedTitle, author = ''): Candidate[] {
  const sorted = found.toSorted((a, b) => b.confidence - a.confidence || b.row[15] - a.row[15] || a.row[0] - b.row[0])
  const books = new Map<string, Scored>()
  for (const one of sorted) {
    const key = `${one.title.main}\n${firstSurname(one.authors)}`
    if (one.confidence > 0 && !books.has(key)) books.set(key, one)
  }
  const different = [...books.values()]
  const best = different[0]?.titleFit ?? 0
  const isNamed = author.trim() !== ''
  const ambiguous = !isNamed && different.filter(({ titleFit }) => titleFit >= best - 0.03).length > 1
  return different.map(({ row, titleFit, confidence }) => {
    // Of several with the very title none is meant more than another.
    const sure = !isNamed && !ambiguous && titleFit === 1 ? surenessOfOnly(wanted) : confidence
    return { book: bookOf(row), confidence: Math.round(sure * (ambiguous ? AMBIGUOUS : 1) * 1000) / 1000 }
  })
}
