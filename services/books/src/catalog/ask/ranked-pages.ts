import type { Database, Statement } from '@headway/sqlite'
import type { SearchPage } from '../catalog.js'
import { pairQuery } from './fts-query.js'
import { RarityCounter, type Rarity } from './rarity.js'
import { bookOf, COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'

/** Books that are ranked, counted and can be paged through: of words that more have, others are not looked at. */
const MAX_RANKED = 5000
/** The same of each way in which words that too many books have are looked for. */
const MAX_UNRANKED = 2000
/** Of terms all of which are common, two together say something. */
const MAX_PAIRED = 5

/** What to look for. */
interface Terms {
  /** As FTS5 has it, for all columns. */
  readonly query: string
  /** By how rare its words are; else, since too many books have one of them, by where they are. */
  readonly byRarity: boolean
}

/** Which page; and what is left out of all pages. */
export interface PageOptions {
  readonly page: number
  readonly limit: number
  readonly not?: { readonly id: number; readonly titleKey: string }
}

type Ids = Statement<readonly [id: number, total: number]>

/**
 * Pages of what fits some terms, the best first. The ranks of FTS5 count each word in the whole catalog, so terms that too many books have are
 * left out where others say more, and looked for without such ranks where there are none: a page takes about as long in a catalog of any size.
 */
export class RankedPages {
  readonly #rarity: RarityCounter
  readonly #byRarity: Ids
  readonly #byPlace: Ids | undefined
  readonly #edition: Statement<EditionRow>

  /** @param weights of the columns, as `bm25` takes them */
  constructor(db: Database, table: 'words' | 'trigrams', weights: readonly number[] = []) {
    const rank = `bm25(${[table, ...weights].join(', ')})`
    this.#rarity = new RarityCounter(db, table)
    this.#byRarity = db.prepareTuples(
      pageOf(`select rowid as id, ${rank} as rank from ${table} where ${table} match ? limit ${MAX_RANKED}`),
    )
    if (table === 'words') {
      const ways = [0, 1, 2].map(
        (place) => `select * from (select rowid as id, ${place} as rank from words where words match ? limit ${MAX_UNRANKED})`,
      )
      this.#byPlace = db.prepareTuples(pageOf(`select id, min(rank) as rank from (${ways.join(' union all ')}) group by id`))
    }
    this.#edition = db.prepareTuples(`select ${COLUMNS} from editions e where e.id = ?`)
  }

  /** Books that have all of these terms; undefined where there are none. */
  all(terms: readonly string[], options: PageOptions): SearchPage | undefined {
    const { common, unknown } = this.#rarity.sortTerms(terms)
    if (unknown.length > 0 || terms.length === 0) return undefined
    return this.#page({ query: terms.join(' AND '), byRarity: common.length === 0 }, options)
  }

  /** Books that have any of these terms: of those that say something where there are such. */
  any(terms: readonly string[], options: PageOptions): SearchPage {
    const found = this.#rarity.sortTerms(terms)
    return this.#page(anyOf(found), options) ?? { books: [], total: 0 }
  }

  #page(terms: Terms, options: PageOptions): SearchPage | undefined {
    const { page, limit } = options
    const ids = this.#ids(terms, options, limit, (page - 1) * limit)
    const total = ids[0]?.[1] ?? (page === 1 ? 0 : (this.#ids(terms, options, 1, 0)[0]?.[1] ?? 0))
    if (total === 0) return undefined
    const books = ids.flatMap(([id]) => {
      const row = this.#edition.get(id)
      return row === undefined ? [] : [bookOf(row)]
    })
    return { books, total }
  }

  #ids({ query, byRarity }: Terms, { not }: PageOptions, limit: number, offset: number): (readonly [number, number])[] {
    if (query === '') return []
    const rest = [not?.id ?? 0, not?.titleKey ?? '', limit, offset] as const
    if (byRarity || this.#byPlace === undefined) return this.#byRarity.all(query, ...rest)
    return this.#byPlace.all(`{title} : (${query})`, `{title authors} : (${query})`, query, ...rest)
  }
}

function anyOf({ rare, common }: Rarity): Terms {
  if (rare.length > 0) return { query: rare.join(' OR '), byRarity: true }
  const pairs = pairQuery(common.slice(0, MAX_PAIRED))
  return { query: pairs === '' ? common.join(' OR ') : pairs, byRarity: false }
}

function pageOf(found: string): string {
  return `
    select e.id, count(*) over () from (${found}) found join editions e on e.id = found.id
    where e.id != ? and (e.title_key != ? or e.title_key = '')
    order by found.rank, e.quality desc, e.id limit ? offset ?`
}
