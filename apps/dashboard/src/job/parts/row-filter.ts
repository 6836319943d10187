import { NumberList } from './number-list.js'

/** Rows with numbers, of which the oldest fall out. */
interface Rows {
  /** The number of the first row that is kept. */
  readonly first: number
  /** The number behind the last row. */
  readonly end: number
}

/** Some rows of a store, as a list with a place for each. A million rows take a few milliseconds, so this needs no slices. */
export class RowFilter {
  readonly #store: Rows
  readonly #isWanted: ((row: number) => boolean) | undefined
  readonly #wanted = new NumberList()
  #looked: number
  #dropped = 0

  /** @param isWanted undefined for all rows, which takes no memory */
  constructor(store: Rows, isWanted?: (row: number) => boolean) {
    this.#store = store
    this.#isWanted = isWanted
    this.#looked = store.first
  }

  /** Takes the rows that came, and leaves out those that fell out. */
  update(): void {
    if (this.#isWanted === undefined) return
    const { first, end } = this.#store
    this.#dropped += this.#wanted.dropBelow(first)
    for (let row = Math.max(this.#looked, first); row < end; row += 1) if (this.#isWanted(row)) this.#wanted.push(row)
    this.#looked = end
  }

  /** How many of its rows fell out; of all rows since there were any, of others since it was made. */
  get dropped(): number {
    return this.#isWanted === undefined ? this.#store.first : this.#dropped
  }

  /** How many rows there are, of those before the row `end`. */
  count(end: number): number {
    return this.#isWanted === undefined ? Math.max(0, Math.min(end, this.#store.end) - this.#store.first) : this.#wanted.countBelow(end)
  }

  /** The number of the row at a place; undefined beyond the end. */
  rowAt(place: number): number | undefined {
    if (this.#isWanted !== undefined) return this.#wanted.at(place)
    const row = this.#store.first + place
    return place >= 0 && row < this.#store.end ? row : undefined
  }

  /** The place of a row, or where it would be. */
  placeOf(row: number): number {
    return this.#isWanted === undefined ? Math.max(0, row - this.#store.first) : this.#wanted.countBelow(row)
  }
}
