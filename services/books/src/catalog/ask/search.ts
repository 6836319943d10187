import type { Database, Statement } from '@headway/sqlite'
import { isbn13Of } from '../../isbn.js'
import type { SearchPage, SearchQuery } from '../catalog.js'
import { fold, wordsOf } from '../fold.js'
import { quoted, tellingWords, trigramsOf, wordQuery } from './fts-query.js'
import { bookOf, COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'

/** Counting goes no further. */
const MAX_TOTAL = 10_000

type Page = Statement<EditionRow>
type Count = Statement<readonly [number]>

/** Ranked full text: every word, else any of them, else titles with some letters the same. */
export class TextSearch {
  readonly #byIsbn: Page
  readonly #words: Page
  readonly #countWords: Count
  readonly #trigrams: Page
  readonly #countTrigrams: Count

  constructor(db: Database) {
    this.#byIsbn = db.prepareTuples(`select ${COLUMNS} from editions e where e.isbn13 = ?`)
    this.#words = db.prepareTuples(pageOf('words', 'bm25(words, 10, 4, 8, 2)'))
    this.#countWords = db.prepareTuples(countOf('words'))
    this.#trigrams = db.prepareTuples(pageOf('trigrams', 'bm25(trigrams)'))
    this.#countTrigrams = db.prepareTuples(countOf('trigrams'))
  }

  search({ text, page, limit }: SearchQuery): SearchPage {
    const isbn = isbn13Of(text)
    const edition = isbn === undefined ? undefined : this.#byIsbn.get(isbn)
    if (edition !== undefined) return { books: page === 1 ? [bookOf(edition)] : [], total: 1 }
    const folded = fold(text)
    const words = tellingWords(wordsOf(folded))
    if (words.length === 0) return { books: [], total: 0 }
    const offset = (page - 1) * limit
    for (const query of [allWords(words), wordQuery(words, 'or')]) {
      const total = this.#countWords.get(query)?.[0] ?? 0
      if (total > 0) return { books: this.#words.all(query, limit, offset).map(bookOf), total }
    }
    const groups = trigramsOf(folded)
    if (groups.length === 0) return { books: [], total: 0 }
    const trigrams = wordQuery(groups, 'or')
    return { books: this.#trigrams.all(trigrams, limit, offset).map(bookOf), total: this.#countTrigrams.get(trigrams)?.[0] ?? 0 }
  }
}

/** The last word may only have begun. */
function allWords(words: readonly string[]): string {
  return words.map((word, place) => (place === words.length - 1 && word.length > 2 ? `${quoted(word)}*` : quoted(word))).join(' AND ')
}

function pageOf(table: string, rank: string): string {
  return `select ${COLUMNS} from ${table} join editions e on e.id = ${table}.rowid where ${table} match ? order by ${rank}, e.quality desc, e.id limit ? offset ?`
}

function countOf(table: string): string {
  return `select count(*) from (select 1 from ${table} where ${table} match ? limit ${MAX_TOTAL})`
}
