import { fold } from '../catalog/fold.js'

const AMPERSAND = 0x26
/** So many texts that need folding are remembered: a library has many books of few authors. */
const REMEMBERED = 2000

/**
 * 64 bits of a title and an author, whatever their case, accents and punctuation: of a thousand million files with 100,000 rows, one has two rows whose keys
 * meet without their titles being alike.
 */
export class TitleKey {
  a = 0
  b = 0
  readonly #folded = new Map<string, string>()

  set(title: string, author: string): void {
    this.a = 0x811c9dc5 | 0
    this.b = 0x9e3779b9 | 0
    this.#add(title)
    // Where the title ends is part of it.
    this.#mix(0)
    this.#add(author)
  }

  /** Adds the letters and digits of a text; of one that has none, all that it has. */
  #add(text: string): void {
    let { a, b } = this
    let hasLetters = false
    for (let at = 0; at < text.length; at++) {
      let code = text.charCodeAt(at)
      if (code > 0x7f || code === AMPERSAND) return this.#addAll(this.#lettersOf(text))
      if (code >= 0x41 && code <= 0x5a) code += 0x20
      else if (!(code >= 0x61 && code <= 0x7a) && !(code >= 0x30 && code <= 0x39)) continue
      hasLetters = true
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x85ebca6b)
      b ^= b >>> 13
    }
    if (!hasLetters) return this.#addAll(text)
    this.a = a
    this.b = b
  }

  #addAll(text: string): void {
    for (let at = 0; at < text.length; at++) this.#mix(text.charCodeAt(at))
  }

  #mix(code: number): void {
    const b = Math.imul(this.b ^ code, 0x85ebca6b)
    this.a = Math.imul(this.a ^ code, 0x01000193)
    this.b = b ^ (b >>> 13)
  }

  #lettersOf(text: string): string {
    const known = this.#folded.get(text)
    if (known !== undefined) return known
    const letters = fold(text).replaceAll(' ', '') || text
    if (this.#folded.size >= REMEMBERED) this.#folded.clear()
    this.#folded.set(text, letters)
    return letters
  }
}
