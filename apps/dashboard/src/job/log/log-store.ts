import { RowStore } from '../model/row-store.js'
import { LEVELS } from './levels.js'
import type { Level } from './levels.js'

/** So many lines of a job's log are kept in a page, a million and some; older ones fall out. */
export const MAX_LOG_LINES = 1 << 20

/** So many characters of them, whatever their number: 96 Mi. */
export const MAX_LOG_CHARACTERS = 96 * 1024 * 1024

/** A line of a log. */
export interface LogLine {
  readonly text: string
  readonly level: Level
  /** Of the event that it is of. */
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The flag in a row's kind that says that its text has escape sequences; the level is below it. */
const HAS_ESCAPES = 1 << 8
const LEVEL_BITS = HAS_ESCAPES - 1

/** Escape sequences of terminals: CSI, OSC, and others of one character. */
// oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

let stores = 0

/** The lines of a job's log, as far as they are kept. Lines have numbers from 0 on, which they keep when older ones fall out. */
export class LogStore {
  readonly #rows: RowStore
  readonly #counts = LEVELS.map(() => 0)
  /** Its own: what shows another log shows it from the start. */
  readonly id = (stores += 1)

  constructor(limits = { rows: MAX_LOG_LINES, characters: MAX_LOG_CHARACTERS }) {
    this.#rows = new RowStore(limits)
  }

  /** The number of the first line that is kept; so many have fallen out. */
  get first(): number {
    return this.#rows.first
  }

  /** The number behind the last line. */
  get end(): number {
    return this.#rows.end
  }

  get characters(): number {
    return this.#rows.characters
  }

  /** @param line its text has no line breaks @returns its number */
  push({ text, level, seq, at }: LogLine): number {
    const index = LEVELS.indexOf(level)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    return this.#rows.push({ text, kind: text.includes('\u001b') ? index | HAS_ESCAPES : index, ref: seq, at })
  }

  /** How many lines of a level there were, those that fell out included. */
  countOf(level: Level): number {
    return this.#counts[LEVELS.indexOf(level)] ?? 0
  }

  /** The line as it was written, escape sequences included. */
  text(line: number): string {
    return this.#rows.text(line)
  }

  /** The line without escape sequences. */
  plainText(line: number): string {
    const text = this.#rows.text(line)
    return this.hasEscapes(line) ? withoutEscapes(text) : text
  }

  hasEscapes(line: number): boolean {
    return (this.#rows.kind(line) & HAS_ESCAPES) !== 0
  }

  level(line: number): Level {
    return LEVELS[this.levelIndex(line)] ?? 'info'
  }

  /** The place of its level in {@link LEVELS}. */
  levelIndex(line: number): number {
    return this.#rows.kind(line) & LEVEL_BITS
  }

  seq(line: number): number {
    return this.#rows.ref(line)
  }

  at(line: number): number {
    return this.#rows.at(line)
  }

  /** Lines that lie together in one text, for the search. */
  piece(line: number): ReturnType<RowStore['piece']> {
    return this.#rows.piece(line)
  }

  /** The number behind the last line that there was at `seq`. */
  endAt(seq: number): number {
    let low = this.first
    let high = this.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.seq(middle) <= seq) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A text without the escape sequences of terminals. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, '')
}
