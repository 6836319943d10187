import type { Database, Statement } from '@headway/sqlite'
import { isbn13Of } from '../../isbn.js'
import type { SearchPage, SearchQuery } from '../catalog.js'
import { fold, wordsOf } from '../fold.js'
import { titleKey } from '../title.js'
import { quoted, tellingWords, wordQuery } from './fts-query.js'
import { bookOf, COLUMNS, listOf } from './rows.js'
import type { EditionRow } from './rows.js'

const MAX_TOTAL = 10_000
/** Subjects of a book that are looked at. */
const MAX_SUBJECTS = 8

/** Books that share subjects, authors and words. */
export class SimilarSearch {
  readonly #byIsbn: Statement<EditionRow>
  readonly #page: Statement<EditionRow>
  readonly #count: Statement<readonly [number]>

  constructor(db: Database) {
    // Other editions of the same book are not similar to it, they are it.
    const matching = 'from words join editions e on e.id = words.rowid where words match ? and e.id != ? and e.title_key != ?'
    this.#byIsbn = db.prepareTuples(`select ${COLUMNS} from editions e where e.isbn13 = ?`)
    this.#page = db.prepareTuples(`select ${COLUMNS} ${matching} order by bm25(words, 2, 1, 6, 8), e.quality desc, e.id limit ? offset ?`)
    this.#count = db.prepareTuples(`select count(*) from (select 1 ${matching} limit ${MAX_TOTAL})`)
  }

  similar({ text, page, limit }: SearchQuery): SearchPage {
    const isbn = isbn13Of(text)
    const edition = isbn === undefined ? undefined : this.#byIsbn.get(isbn)
    const query = isbn === undefined ? textQuery(text) : edition === undefined ? '' : editionQuery(edition)
    if (query === '') return { books: [], total: 0 }
    const not = [edition?.[0] ?? 0, edition === undefined ? '' : titleKey(edition[3])] as const
    const total = this.#count.get(query, ...not)?.[0] ?? 0
    return { books: total === 0 ? [] : this.#page.all(query, ...not, limit, (page - 1) * limit).map(bookOf), total }
  }
}

function textQuery(text: string): string {
  const words = tellingWords(wordsOf(fold(text)))
  return words.length === 0 ? '' : wordQuery(words, 'or')
}

function editionQuery(edition: EditionRow): string {
  const phrases = (list: readonly string[]): string[] => list.map(fold).filter((phrase) => phrase !== '')
  const subjects = phrases(listOf(edition[10]).slice(0, MAX_SUBJECTS))
  const authors = phrases(listOf(edition[5]))
  const words = tellingWords(wordsOf(fold(`${edition[3]} ${edition[4] ?? ''}`)))
  return [
    ...subjects.map((phrase) => `subjects : ${quoted(phrase)}`),
    ...authors.map((phrase) => `authors : ${quoted(phrase)}`),
    ...words.map((word) => `{title subtitle} : ${quoted(word)}`),
  ].join(' OR ')
}
