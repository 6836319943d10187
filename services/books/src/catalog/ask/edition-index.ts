import type { Database, Statement } from '@headway/sqlite'
import { RarityCounter } from './rarity.js'
import { COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'

/** How many editions are looked at, of each way to find them, and what words count for by their columns. */
interface EditionIndexOptions {
  readonly maxByWords: number
  readonly maxByTrigrams: number
  /** Of title, subtitle, authors and subjects, as `bm25` takes them. */
  readonly weights: readonly [number, number, number, number]
}

/** Editions by the words and the trigrams that they have, those that fit best first. Queries are as FTS5 has them; `''` finds none. */
export class EditionIndex {
  readonly words: RarityCounter
  readonly trigrams: RarityCounter
  readonly #byWords: Statement<EditionRow>
  readonly #byTrigrams: Statement<EditionRow>

  constructor(db: Database, { maxByWords, maxByTrigrams, weights }: EditionIndexOptions) {
    this.words = new RarityCounter(db, 'words')
    this.trigrams = new RarityCounter(db, 'trigrams')
    this.#byWords = db.prepareTuples(bestOf('words', `bm25(words, ${weights.join(', ')})`, maxByWords))
    this.#byTrigrams = db.prepareTuples(bestOf('trigrams', 'bm25(trigrams)', maxByTrigrams))
  }

  byWords(query: string): readonly EditionRow[] {
    return query === '' ? [] : this.#byWords.all(query)
  }

  byTrigrams(query: string): readonly EditionRow[] {
    return query === '' ? [] : this.#byTrigrams.all(query)
  }
}

function bestOf(table: string, rank: string, most: number): string {
  return `select ${COLUMNS} from ${table} join editions e on e.id = ${table}.rowid where ${table} match ? order by ${rank} limit ${most}`
}

/** Editions that were found, each judged once. */
export class Judged<One extends { readonly confidence: number }> {
  readonly #judge: (row: EditionRow) => One
  readonly #found = new Map<number, One>()

  /** @param judge how well an edition fits what is looked for */
  constructor(judge: (row: EditionRow) => One) {
    this.#judge = judge
  }

  /** @returns the confidence of the best so far; 0 where there is none */
  add(rows: readonly EditionRow[]): number {
    for (const row of rows) if (!this.#found.has(row[0])) this.#found.set(row[0], this.#judge(row))
    return Math.max(0, ...this.all().map(({ confidence }) => confidence))
  }

  all(): One[] {
    return [...this.#found.values()]
  }
}
