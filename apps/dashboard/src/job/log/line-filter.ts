import { ALL_LEVELS } from './levels.js'
import type { LevelSet } from './levels.js'
import type { LogStore } from './log-store.js'
import { NumberList } from './number-list.js'

/** The lines of some levels, as a list with a place for each line. A million lines take a few milliseconds, so this needs no slices. */
export class LineFilter {
  readonly levels: LevelSet
  readonly #store: LogStore
  readonly #lines = new NumberList()
  #looked: number
  #dropped = 0

  constructor(store: LogStore, levels: LevelSet) {
    this.#store = store
    this.levels = levels
    this.#looked = store.first
  }

  /** Takes the lines that came, and leaves out those that fell out. */
  update(): void {
    const { first, end } = this.#store
    if (this.levels === ALL_LEVELS) return
    this.#dropped += this.#lines.dropBelow(first)
    for (let line = Math.max(this.#looked, first); line < end; line += 1) {
      if ((this.levels >> this.#store.levelIndex(line)) & 1) this.#lines.push(line)
    }
    this.#looked = end
  }

  /** How many of its lines fell out of the log since it was made. */
  get dropped(): number {
    return this.levels === ALL_LEVELS ? this.#store.first : this.#dropped
  }

  /** How many lines there are, of those before the line `end`. */
  count(end: number): number {
    return this.levels === ALL_LEVELS ? Math.max(0, Math.min(end, this.#store.end) - this.#store.first) : this.#lines.countBelow(end)
  }

  /** The number of the line at a place; undefined beyond the end. */
  lineAt(place: number): number | undefined {
    if (this.levels !== ALL_LEVELS) return this.#lines.at(place)
    const line = this.#store.first + place
    return place >= 0 && line < this.#store.end ? line : undefined
  }

  /** The place of a line, or where it would be. */
  placeOf(line: number): number {
    return this.levels === ALL_LEVELS ? Math.max(0, line - this.#store.first) : this.#lines.countBelow(line)
  }
}
