import type { LevelSet } from './levels.js'
import type { LogStore } from './log-store.js'
import { NumberList } from '../parts/number-list.js'

/** What is searched: a text, as it is written or with small letters for large ones; in lines of some levels. */
export interface LogQuery {
  readonly text: string
  readonly matchCase: boolean
  readonly levels: LevelSet
}

/** So long a slice of the search takes, in milliseconds: half of a frame. */
const SLICE_MS = 8

/**
 * Finds the lines with a text, a slice at a time, so that the page stays alive; lines that come later are searched when {@link LogSearch.resume}
 * is called. Whole pieces of the log are searched at once: a million lines take a fraction of a second.
 */
export class LogSearch {
  readonly query: LogQuery
  readonly #store: LogStore
  readonly #needle: string
  readonly #lines = new NumberList()
  readonly #changed: () => void
  #looked: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  /** @param changed called after each slice */
  constructor(store: LogStore, query: LogQuery, changed: () => void) {
    this.#store = store
    this.query = query
    this.#needle = query.matchCase ? query.text : query.text.toLowerCase()
    this.#changed = changed
    this.#looked = store.first
    this.resume()
  }

  /** How many lines have it, of those before the line `end`. */
  count(end = Infinity): number {
    return end === Infinity ? this.#lines.length : this.#lines.countBelow(end)
  }

  /** Whether all lines have been looked at. */
  get done(): boolean {
    return this.#looked >= this.#store.end
  }

  /** The line of a match, and undefined beyond the end. */
  lineAt(index: number): number | undefined {
    return this.#lines.at(index)
  }

  /** The index of the match at or behind a line. */
  indexFrom(line: number): number {
    return this.#lines.countBelow(line)
  }

  /** Goes on with lines that came. */
  resume(): void {
    if (this.#closed || this.#timer !== undefined || this.#needle === '' || this.done) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.slice(SLICE_MS)
      this.#changed()
      this.resume()
    }, 0)
  }

  /** Stops it for good. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /** Searches for so many milliseconds. */
  slice(budgetMs: number): void {
    const until = performance.now() + budgetMs
    this.#lines.dropBelow(this.#store.first)
    this.#looked = Math.max(this.#looked, this.#store.first)
    while (!this.done && performance.now() < until) this.#piece()
  }

  /** Searches the rest of the piece in which the next line is. */
  #piece(): void {
    const piece = this.#store.piece(this.#looked)
    if (piece === undefined) {
      this.#looked = this.#store.end
      return
    }
    const from = this.#looked - piece.first
    const { text } = piece
    const haystack = this.query.matchCase ? text : text.toLowerCase()
    // Few languages have letters whose small form is longer; places in the text would not fit then. Escape sequences may stand within a match.
    if (haystack.length === text.length && !text.includes('\u001b')) this.#together(piece, from, haystack)
    else this.#oneByOne(piece.first + from, piece.first + piece.rows)
    this.#looked = piece.first + piece.rows
  }

  #together({ first, rows, ends }: NonNullable<ReturnType<LogStore['piece']>>, from: number, haystack: string): void {
    let row = from
    let position = from === 0 ? 0 : (ends[from - 1] ?? 0) + 1
    while (row < rows) {
      const found = haystack.indexOf(this.#needle, position)
      if (found === -1) return
      while (row < rows && (ends[row] ?? 0) < found) row += 1
      if (row < rows) this.#take(first + row)
      position = (ends[row] ?? 0) + 1
      row += 1
    }
  }

  #oneByOne(from: number, end: number): void {
    for (let line = from; line < end; line += 1) {
      const text = this.#store.plainText(line)
      if ((this.query.matchCase ? text : text.toLowerCase()).includes(this.#needle)) this.#take(line)
    }
  }

  #take(line: number): void {
    if ((this.query.levels >> this.#store.levelIndex(line)) & 1) this.#lines.push(line)
  }
}
