import type { Database, Statement } from '@headway/sqlite'
import { isbn13Of } from '../../isbn.js'
import type { SearchPage, SearchQuery } from '../catalog.js'
import { fold, wordsOf } from '../fold.js'
import { listOf } from '../list-column.js'
import { titleKey } from '../title.js'
import { quoted, tellingWords } from './fts-query.js'
import { RankedPages } from './ranked-pages.js'
import { COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'

/** Subjects of a book that are looked at. */
const MAX_SUBJECTS = 8

/** Books that share subjects, authors and words. */
export class SimilarSearch {
  readonly #byIsbn: Statement<EditionRow>
  readonly #pages: RankedPages

  constructor(db: Database) {
    this.#byIsbn = db.prepareTuples(`select ${COLUMNS} from editions e where e.isbn13 = ?`)
    this.#pages = new RankedPages(db, 'words', [2, 1, 6, 8])
  }

  similar({ text, page, limit }: SearchQuery): SearchPage {
    const isbn = isbn13Of(text)
    if (isbn === undefined) return this.#pages.any(tellingWords(wordsOf(fold(text))).map(quoted), { page, limit })
    const edition = this.#byIsbn.get(isbn)
    if (edition === undefined) return { books: [], total: 0 }
    // Other editions of the same book are not similar to it, they are it.
    return this.#pages.any(termsOf(edition), { page, limit, not: { id: edition[0], titleKey: titleKey(edition[3]) } })
  }
}

function termsOf(edition: EditionRow): string[] {
  const phrases = (list: readonly string[]): string[] => list.map(fold).filter((phrase) => phrase !== '')
  const subjects = phrases(listOf(edition[10]).slice(0, MAX_SUBJECTS))
  const authors = phrases(listOf(edition[5]))
  const words = tellingWords(wordsOf(fold(`${edition[3]} ${edition[4] ?? ''}`)))
  return [
    ...subjects.map((phrase) => `subjects : ${quoted(phrase)}`),
    ...authors.map((phrase) => `authors : ${quoted(phrase)}`),
    ...words.map((word) => `{title subtitle} : ${quoted(word)}`),
  ]
}
