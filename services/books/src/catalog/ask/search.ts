import type { Database, Statement } from '@headway/sqlite'
import { isbn13Of } from '../../isbn.js'
import type { SearchPage, SearchQuery } from '../catalog.js'
import { fold, wordsOf } from '../fold.js'
import { isCommon, MAX_WORDS, quoted, tellingWords, trigramsOf } from './fts-query.js'
import { RankedPages } from './ranked-pages.js'
import { bookOf, COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'

/** Ranked full text: every word, else any of them, else titles with some letters the same. */
export class TextSearch {
  readonly #byIsbn: Statement<EditionRow>
  readonly #words: RankedPages
  readonly #trigrams: RankedPages

  constructor(db: Database) {
    this.#byIsbn = db.prepareTuples(`select ${COLUMNS} from editions e where e.isbn13 = ?`)
    this.#words = new RankedPages(db, 'words', [10, 4, 8, 2])
    this.#trigrams = new RankedPages(db, 'trigrams')
  }

  search({ text, page, limit }: SearchQuery): SearchPage {
    const isbn = isbn13Of(text)
    const edition = isbn === undefined ? undefined : this.#byIsbn.get(isbn)
    if (edition !== undefined) return { books: page === 1 ? [bookOf(edition)] : [], total: 1 }
    const folded = fold(text)
    const words = [...new Set(wordsOf(folded))]
    const telling = tellingWords(words)
    // Of "year 7" the 7 says which; only where no book has it, nor the initials of a name, they are let go.
    const short = words.filter((word) => !isCommon(word)).slice(0, MAX_WORDS)
    for (const all of short.length > telling.length ? [short, telling] : [telling]) {
      const found = this.#words.all(termsOf(all), { page, limit })
      if (found !== undefined) return found
    }
    const some = this.#words.any(telling.map(quoted), { page, limit })
    return some.total > 0 ? some : this.#trigrams.any(trigramsOf(folded).map(quoted), { page, limit })
  }
}

/** The last word may only have begun. */
function termsOf(words: readonly string[]): string[] {
  return words.map((word, place) => (place === words.length - 1 && word.length > 2 ? `${quoted(word)}*` : quoted(word)))
}
