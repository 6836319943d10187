import type { Database, Statement } from '@headway/sqlite'
import { quoted } from './fts-query.js'

/** Words and trigrams that more editions have say little about which one it is, and to rank all of those takes long. */
const MAX_EDITIONS = 2000

/** What some terms come to in this catalog. */
export interface Rarity {
  /** Those that some editions have, and not too many. */
  readonly rare: readonly string[]
  /** Those that too many have. */
  readonly common: readonly string[]
  /** Those that none has: misspelt, or of a book that is not here. */
  readonly unknown: readonly string[]
}

/** Counts in how many editions terms are, as far as it matters: so a question takes the same time in a catalog of any size. */
export class RarityCounter {
  readonly #count: Statement<readonly [number]>

  constructor(db: Database, table: 'words' | 'trigrams') {
    this.#count = db.prepareTuples(`select count(*) from (select 1 from ${table} where ${table} match ? limit ${MAX_EDITIONS + 1})`)
  }

  /** @param column undefined for all */
  sort(words: readonly string[], column?: string): Rarity {
    return this.#sortBy(words, (word) => (column === undefined ? quoted(word) : `${column} : ${quoted(word)}`))
  }

  /** @param terms as a query has them: quoted, with their columns */
  sortTerms(terms: readonly string[]): Rarity {
    return this.#sortBy(terms, (term) => term)
  }

  #sortBy(items: readonly string[], termOf: (item: string) => string): Rarity {
    const sorted = { rare: [] as string[], common: [] as string[], unknown: [] as string[] }
    for (const item of items) {
      const count = this.#count.get(termOf(item))?.[0] ?? 0
      sorted[count === 0 ? 'unknown' : count > MAX_EDITIONS ? 'common' : 'rare'].push(item)
    }
    return sorted
  }
}
