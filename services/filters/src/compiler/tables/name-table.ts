import { EMPTY_HASH, hashOn, tableSize } from './text-hash.js'

const DOT = 46
/** Of ASCII the lower-case letters, digits, `.` and `-`. */
const PLAIN = new Uint8Array(128)
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789.-') PLAIN[character.charCodeAt(0)] = 1
/** Numbers of an entry: the index of its line, where its name begins and ends there, and where the hashes of its tails end. */
const ENTRY = 4
const START = 1
const END = 2
const TAILS = 3
/** Where the name of an entry begins that has none. */
const NO_NAME = -1

/**
 * Names that are parts of lines, each once, in the order in which they came, and between them lines without a name. It has numbers only: the
 * lines must not change while it is used.
 */
export class NameTable {
  readonly #lines: readonly string[]
  #count = 0
  #entries: Int32Array<ArrayBuffer>
  /** The hashes of what follows the dots of names; those of an entry begin where those of the entry before end. */
  #tails: Int32Array<ArrayBuffer>
  #tailCount = 0
  /** Pairs: the number of an entry plus one (0 where there is none), and the hash of its name. */
  #slots: Int32Array<ArrayBuffer>
  /** The hash of the name that was read last; the hashes of its tails are the next ones in `tails`. */
  #hash = 0
  #readTails = 0

  constructor(lines: readonly string[]) {
    this.#lines = lines
    const room = Math.max(16, lines.length)
    this.#entries = new Int32Array(room * ENTRY)
    this.#tails = new Int32Array(room * 2)
    this.#slots = new Int32Array(tableSize(room) * 2)
  }

  /** How many entries there are. */
  get count(): number {
    return this.#count
  }

  /** Reads the name that ends at `to` from its end: lower-case letters, digits, dots and hyphens. Gives where it begins. */
  readBack(line: string, to: number): number {
    return this.#read(line, 0, to, true)
  }

  /** Adds the name that {@link readBack} read last, where it is not there already. */
  addRead(index: number, from: number, to: number): void {
    const hash = this.#hash
    const slot = this.#find(hash, index, from, to)
    const slots = this.#slots
    if (slots[slot] !== 0) return
    slots[slot] = this.#count + 1
    slots[slot + 1] = hash
    this.#tailCount += this.#readTails
    this.#push(index, from, to)
  }

  /** Adds a part of a line, whatever it consists of, where it is not there already. */
  add(index: number, from: number, to: number): void {
    this.#read(this.#lines[index] as string, from, to, false)
    this.addRead(index, from, to)
  }

  /** Adds a line that has no name. */
  addLine(index: number): void {
    this.#push(index, NO_NAME, NO_NAME)
  }

  /** The line of an entry. */
  line(number: number): string {
    return this.#lines[this.#entries[number * ENTRY] as number] as string
  }

  /** Where the name of an entry begins in its line; -1 when it has none. */
  start(number: number): number {
    return this.#entries[number * ENTRY + START] as number
  }

  /** The name of an entry that has one. */
  name(number: number): string {
    const at = number * ENTRY
    return this.line(number).slice(this.#entries[at + START], this.#entries[at + END])
  }

  /** True when what follows one of the dots of the entry's name is a name in the table too. */
  hasParent(number: number): boolean {
    const slots = this.#slots
    const mask = slots.length - 1
    const at = number * ENTRY
    const end = this.#entries[at + TAILS] as number
    for (let tail = number === 0 ? 0 : (this.#entries[at + TAILS - ENTRY] as number); tail < end; tail++) {
      const hash = this.#tails[tail] as number
      for (let slot = (hash << 1) & mask; slots[slot] !== 0; slot = (slot + 2) & mask) {
        if (slots[slot + 1] === hash && this.#endsWith(number, (slots[slot] as number) - 1)) return true
      }
    }
    return false
  }

  #read(line: string, from: number, to: number, isPlainOnly: boolean): number {
    let hash = EMPTY_HASH
    let tails = 0
    let at = to - 1
    for (; at >= from; at--) {
      const code = line.charCodeAt(at)
      if (code === DOT) {
        if (at + 1 < to) this.#keepTail(tails++, hash)
      } else if (isPlainOnly && (code > 127 || PLAIN[code] === 0)) break
      hash = hashOn(hash, code)
    }
    this.#hash = hash
    this.#readTails = tails
    return at + 1
  }

  #keepTail(index: number, hash: number): void {
    const at = this.#tailCount + index
    if (at === this.#tails.length) this.#tails = doubled(this.#tails)
    this.#tails[at] = hash
  }

  #push(index: number, from: number, to: number): void {
    const at = this.#count++ * ENTRY
    if (at === this.#entries.length) this.#grow()
    const entries = this.#entries
    entries[at] = index
    entries[at + START] = from
    entries[at + END] = to
    entries[at + TAILS] = this.#tailCount
  }

  /** The slot of a name, or the free one where it would be. */
  #find(hash: number, index: number, from: number, to: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = (hash << 1) & mask
    for (; slots[slot] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot + 1] !== hash) continue
      const other = (slots[slot] as number) - 1
      if (this.#length(other) === to - from && this.#isTail(other, this.#lines[index] as string, to)) break
    }
    return slot
  }

  #length(number: number): number {
    const at = number * ENTRY
    return (this.#entries[at + END] as number) - (this.#entries[at + START] as number)
  }

  /** True when a dot and the name of `parent` end the name of `number`. */
  #endsWith(number: number, parent: number): boolean {
    const line = this.line(number)
    const to = this.#entries[number * ENTRY + END] as number
    const dot = to - this.#length(parent) - 1
    return dot >= this.start(number) && line.charCodeAt(dot) === DOT && this.#isTail(parent, line, to)
  }

  /** True when the name of `number` is what stands before `to`. */
  #isTail(number: number, line: string, to: number): boolean {
    const other = this.line(number)
    const start = this.start(number)
    const end = this.#entries[number * ENTRY + END] as number
    const shift = to - end
    for (let at = end - 1; at >= start; at--) if (other.charCodeAt(at) !== line.charCodeAt(at + shift)) return false
    return true
  }

  #grow(): void {
    this.#entries = doubled(this.#entries)
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
