import { EMPTY_HASH, hashOn, tableSize } from './text-hash.js'

const DOT = 46
/** Of ASCII the lower-case letters, digits, `.` and `-`. */
const PLAIN = new Uint8Array(128)
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789.-') PLAIN[character.charCodeAt(0)] = 1

/** Names that are parts of lines, each once, in the order in which they came. Names are not copied. */
export class NameTable {
  #count = 0
  /** Of each name the line that it is a part of, and where it begins and ends there. */
  readonly #lines: string[] = []
  #starts: Int32Array<ArrayBuffer>
  #ends: Int32Array<ArrayBuffer>
  /** Of each name where the hashes of what follows its dots end in `tails`; they begin where those of the name before end. */
  #tailEnds: Int32Array<ArrayBuffer>
  #tails: Int32Array<ArrayBuffer>
  #tailCount = 0
  /** Pairs: the number of a name plus one (0 where there is none), and its hash. */
  #slots: Int32Array<ArrayBuffer>
  /** The hash of the name that was read last; the hashes of its tails are the next ones in `tails`. */
  #hash = 0
  #readTails = 0

  /** @param expected how many names there may be; more are no error */
  constructor(expected: number) {
    const room = Math.max(16, expected)
    this.#starts = new Int32Array(room)
    this.#ends = new Int32Array(room)
    this.#tailEnds = new Int32Array(room)
    this.#tails = new Int32Array(room * 2)
    this.#slots = new Int32Array(tableSize(room) * 2)
  }

  /**
   * Reads the name that ends at `to` from its end: lower-case letters, digits, dots and hyphens. Gives where it begins.
   */
  readBack(line: string, to: number): number {
    return this.#read(line, 0, to, true)
  }

  /** Adds the name that {@link readBack} read last. Gives its number, or -1 when it is there already. */
  addRead(line: string, from: number, to: number): number {
    const hash = this.#hash
    const slot = this.#find(hash, line, from, to)
    const slots = this.#slots
    if (slots[slot] !== 0) return -1
    const number = this.#count++
    slots[slot] = number + 1
    slots[slot + 1] = hash
    this.#lines.push(line)
    this.#starts[number] = from
    this.#ends[number] = to
    this.#tailCount += this.#readTails
    this.#tailEnds[number] = this.#tailCount
    if (this.#count === this.#starts.length) this.#grow()
    return number
  }

  /** Adds a part of a line, whatever it consists of. Gives its number, or -1 when the name is there already. */
  add(line: string, from: number, to: number): number {
    this.#read(line, from, to, false)
    return this.addRead(line, from, to)
  }

  name(number: number): string {
    return (this.#lines[number] as string).slice(this.#starts[number], this.#ends[number])
  }

  /** True when what follows one of the dots of the name is a name in the table too. */
  hasParent(number: number): boolean {
    const slots = this.#slots
    const mask = slots.length - 1
    const end = this.#tailEnds[number] as number
    for (let tail = number === 0 ? 0 : (this.#tailEnds[number - 1] as number); tail < end; tail++) {
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

  /** The slot of a name, or the free one where it would be. */
  #find(hash: number, line: string, from: number, to: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = (hash << 1) & mask
    for (; slots[slot] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot + 1] !== hash) continue
      const other = (slots[slot] as number) - 1
      const length = (this.#ends[other] as number) - (this.#starts[other] as number)
      if (length === to - from && this.#isTail(other, line, to)) break
    }
    return slot
  }

  /** True when a dot and the name `parent` end the name `number`. */
  #endsWith(number: number, parent: number): boolean {
    const line = this.#lines[number] as string
    const to = this.#ends[number] as number
    const dot = to - ((this.#ends[parent] as number) - (this.#starts[parent] as number)) - 1
    return dot >= (this.#starts[number] as number) && line.charCodeAt(dot) === DOT && this.#isTail(parent, line, to)
  }

  /** True when the name `number` is what stands before `to`. */
  #isTail(number: number, line: string, to: number): boolean {
    const other = this.#lines[number] as string
    const start = this.#starts[number] as number
    const end = this.#ends[number] as number
    const shift = to - end
    for (let at = end - 1; at >= start; at--) if (other.charCodeAt(at) !== line.charCodeAt(at + shift)) return false
    return true
  }

  #grow(): void {
    this.#starts = doubled(this.#starts)
    this.#ends = doubled(this.#ends)
    this.#tailEnds = doubled(this.#tailEnds)
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
