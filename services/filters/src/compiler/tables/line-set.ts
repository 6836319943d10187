import { hashOf, tableSize } from './text-hash.js'

/**
 * Which of an array's lines came before. Several times faster than a Set of strings, and lighter: it has numbers only. The lines must not
 * change while it is used.
 */
export class LineSet {
  readonly #lines: readonly string[]
  /** Pairs: the number of a line plus one (0 where there is none), and its hash. */
  readonly #slots: Int32Array

  constructor(lines: readonly string[]) {
    this.#lines = lines
    this.#slots = new Int32Array(tableSize(lines.length) * 2)
  }

  /** Adds the line at `index`. False when an equal one is there already. */
  add(index: number): boolean {
    const lines = this.#lines
    const line = lines[index] as string
    const slots = this.#slots
    const hash = hashOf(line)
    const mask = slots.length - 1
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const other = slots[slot] as number
      if (other === 0) {
        slots[slot] = index + 1
        slots[slot + 1] = hash
        return true
      }
      if (slots[slot + 1] === hash && lines[other - 1] === line) return false
    }
  }
}
