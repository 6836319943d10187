import { EMPTY_HASH, hashOf, hashOn, tableSize } from './text-hash.js'

const DOT = 46

/** Names that are parts of lines, each once, in the order in which they came. Names are not copied. */
export class NameTable {
  #count = 0
  /** Of each name the line that it is a part of, and where it begins and ends there. */
  readonly #lines: string[] = []
  #starts: Int32Array<ArrayBuffer>
  #ends: Int32Array<ArrayBuffer>
  /** Pairs: the number of a name plus one (0 where there is none), and its hash. */
  #slots: Int32Array<ArrayBuffer>

  /** @param expected how many names there may be; more are no error */
  constructor(expected: number) {
    const room = Math.max(16, expected)
    this.#starts = new Int32Array(room)
    this.#ends = new Int32Array(room)
    this.#slots = new Int32Array(tableSize(room) * 2)
  }

  /** Adds a part of a line. Gives its number, or -1 when the name is there already. */
  add(line: string, from: number, to: number): number {
    const hash = hashOf(line, from, to) | 0
    const slot = this.#find(hash, line, from, to)
    const slots = this.#slots
    if (slots[slot] !== 0) return -1
    const number = this.#count++
    slots[slot] = number + 1
    slots[slot + 1] = hash
    this.#lines.push(line)
    this.#starts[number] = from
    this.#ends[number] = to
    if (this.#count === this.#starts.length) this.#grow()
    return number
  }

  name(number: number): string {
    return (this.#lines[number] as string).slice(this.#starts[number], this.#ends[number])
  }

  /** True when what follows one of the dots of the name is a name in the table too. Linear time, whatever the name. */
  hasParent(number: number): boolean {
    const line = this.#lines[number] as string
    const from = this.#starts[number] as number
    const to = this.#ends[number] as number
    let hash = EMPTY_HASH
    for (let at = to - 1; at >= from; at--) {
      const code = line.charCodeAt(at)
      if (code === DOT && at + 1 < to && this.#slots[this.#find(hash | 0, line, at + 1, to)] !== 0) return true
      hash = hashOn(hash, code)
    }
    return false
  }

  /** The slot of a name, or the free one where it would be. */
  #find(hash: number, line: string, from: number, to: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = (hash << 1) & mask
    for (; slots[slot] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot + 1] === hash && this.#isSame((slots[slot] as number) - 1, line, from, to)) break
    }
    return slot
  }

  #isSame(number: number, line: string, from: number, to: number): boolean {
    const start = this.#starts[number] as number
    if ((this.#ends[number] as number) - start !== to - from) return false
    const other = this.#lines[number] as string
    for (let i = to - from - 1; i >= 0; i--) if (other.charCodeAt(start + i) !== line.charCodeAt(from + i)) return false
    return true
  }

  #grow(): void {
    this.#starts = doubled(this.#starts)
    this.#ends = doubled(this.#ends)
    const old = this.#slots
    const slots = new Int32Array(old.length * 2)
    const mask = slots.length - 1
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue
      const hash = old[i + 1] as number
      let slot = (hash << 1) & mask
      while (slots[slot] !== 0) slot = (slot + 2) & mask
      slots[slot] = old[i] as number
      slots[slot + 1] = hash
    }
    this.#slots = slots
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}
