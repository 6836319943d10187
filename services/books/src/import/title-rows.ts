import { fold } from '../catalog/fold.js'

const AMPERSAND = 0x26
/** Two hashes and a row. */
const SLOT = 3
const FIRST_SLOTS = 1024

/**
 * The first row with each title and author, whatever their case, accents and punctuation. Keeps 64 bits of each in an open table, and no text: of a
 * thousand million files with 100,000 rows, one has two rows that meet without being alike.
 */
export class TitleRows {
  #slots = new Int32Array(FIRST_SLOTS * SLOT)
  #count = 0
  #a = 0
  #b = 0

  /** The first row with these; `row`, a number from 1, where that is the first. */
  firstWith(title: string, author: string, row: number): number {
    this.#a = 0x811c9dc5 | 0
    this.#b = 0x9e3779b9 | 0
    this.#add(title)
    this.#mix(0)
    this.#add(author)
    if (this.#count * SLOT * 2 > this.#slots.length) this.#grow()
    const slots = this.#slots
    const at = placeOf(slots, this.#a, this.#b)
    const before = slots[at + 2] ?? 0
    if (before !== 0) return before
    slots[at] = this.#a
    slots[at + 1] = this.#b
    slots[at + 2] = row
    this.#count++
    return row
  }

  /** Adds the letters and digits of a text; of one that has none, all that it has. */
  #add(text: string): void {
    let hasLetters = false
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > 0x7f || code === AMPERSAND) return this.#addAll(lettersOf(text.slice(at)) || (hasLetters ? '' : text))
      const isCapital = code >= 0x41 && code <= 0x5a
      if (!isCapital && !(code >= 0x61 && code <= 0x7a) && !(code >= 0x30 && code <= 0x39)) continue
      this.#mix(isCapital ? code + 0x20 : code)
      hasLetters = true
    }
    if (!hasLetters) this.#addAll(text)
  }

  #addAll(text: string): void {
    for (let at = 0; at < text.length; at++) this.#mix(text.charCodeAt(at))
  }

  #mix(code: number): void {
    const b = Math.imul(this.#b ^ code, 0x85ebca6b)
    this.#a = Math.imul(this.#a ^ code, 0x01000193)
    this.#b = b ^ (b >>> 13)
  }

  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(old.length * 2)
    for (let at = 0; at < old.length; at += SLOT) {
      const row = old[at + 2] ?? 0
      if (row !== 0) slots.set([old[at] ?? 0, old[at + 1] ?? 0, row], placeOf(slots, old[at] ?? 0, old[at + 1] ?? 0))
    }
    this.#slots = slots
  }
}

/** Where these hashes are, or where they belong. */
function placeOf(slots: Int32Array, a: number, b: number): number {
  const count = slots.length / SLOT
  for (let slot = (a ^ (b >>> 7)) & (count - 1); ; slot = (slot + 1) & (count - 1)) {
    const at = slot * SLOT
    if (slots[at + 2] === 0 || (slots[at] === a && slots[at + 1] === b)) return at
  }
}

function lettersOf(text: string): string {
  return fold(text).replaceAll(' ', '')
}
