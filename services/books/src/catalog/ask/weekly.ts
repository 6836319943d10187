import { createHash } from 'node:crypto'
import type { Database, Statement } from '@headway/sqlite'
import type { Catalog } from '../catalog.js'
import { bookOf, COLUMNS } from './rows.js'
import type { EditionRow } from './rows.js'

/** Books of one week. */
const A_WEEK = 20

/** Chooses the books of a week: every well-known book has its turn before one comes again. */
export class WeeklyChoice {
  readonly #notable: Statement<readonly [id: number, isbn13: string]>
  readonly #edition: Statement<EditionRow>
  readonly #reason: Statement<readonly [string]>

  constructor(db: Database) {
    this.#notable = db.prepareTuples('select id, isbn13 from editions where reason is not null and isbn13 is not null order by isbn13')
    this.#edition = db.prepareTuples(`select ${COLUMNS} from editions e where e.id = ?`)
    this.#reason = db.prepareTuples('select reason from editions where id = ?')
  }

  /** @param week its number, any whole number */
  weekly(week: number, limit: number): ReturnType<Catalog['weekly']> {
    const notable = this.#notable.all()
    const weeks = Math.floor(notable.length / A_WEEK)
    const chosen =
      weeks === 0
        ? notable
        : shuffled(notable, Math.floor(week / weeks))
            .slice(modulo(week, weeks) * A_WEEK)
            .slice(0, A_WEEK)
    const books = chosen.slice(0, limit).flatMap(([id]) => {
      const row = this.#edition.get(id)
      return row === undefined ? [] : [{ book: bookOf(row), reason: this.#reason.get(id)?.[0] ?? '' }]
    })
    return { books, total: chosen.length }
  }
}

/** The same order for the same round, on every machine. */
function shuffled<Row extends readonly [number, string]>(rows: readonly Row[], round: number): Row[] {
  return rows
    .map((row) => ({ row, place: createHash('sha256').update(`${round} ${row[1]}`).digest('hex') }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ row }) => row)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
