import { foldCode } from './fold.js'

type Range = readonly [number, number]

const LAST = 0xffff

/** For each folded code unit those that fold to it; made once, when the first pattern with other than ASCII letters comes. */
let siblings: Map<number, number[]> | undefined

function siblingsOf(folded: number): readonly number[] {
  if (siblings === undefined) {
    siblings = new Map()
    for (let code = 128; code <= LAST; code++) {
      const to = foldCode(code)
      if (to === code) continue
      const found = siblings.get(to)
      if (found === undefined) siblings.set(to, [to, code])
      else found.push(code)
    }
  }
  return siblings.get(folded) ?? []
}

/** A set of UTF-16 code units, as ranges in order that don't touch. */
export class CodeSet {
  readonly ranges: readonly Range[]

  private constructor(ranges: readonly Range[]) {
    this.ranges = ranges
  }

  static of(ranges: readonly Range[]): CodeSet {
    const sorted = [...ranges].sort((a, b) => a[0] - b[0])
    const merged: [number, number][] = []
    for (const [low, high] of sorted) {
      const last = merged.at(-1)
      if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
      else merged.push([low, high])
    }
    return new CodeSet(merged)
  }

  inverted(): CodeSet {
    const gaps: Range[] = []
    let from = 0
    for (const [low, high] of this.ranges) {
      if (low > from) gaps.push([from, low - 1])
      from = high + 1
    }
    if (from <= LAST) gaps.push([from, LAST])
    return new CodeSet(gaps)
  }

  joined(others: readonly CodeSet[]): CodeSet {
    return others.length === 0 ? this : CodeSet.of([...this.ranges, ...others.flatMap(({ ranges }) => ranges)])
  }

  /** With every code unit that differs in case only, as the flag `i` has it. */
  foldedCase(): CodeSet {
    const more: Range[] = []
    for (const [low, high] of this.ranges) {
      addShifted(more, low, high, 65, 90, 32)
      addShifted(more, low, high, 97, 122, -32)
      for (let code = Math.max(low, 128); code <= high; code++) for (const other of siblingsOf(foldCode(code))) more.push([other, other])
    }
    return more.length === 0 ? this : CodeSet.of([...this.ranges, ...more])
  }

  static readonly LINE_ENDS = CodeSet.of([
    [10, 10],
    [13, 13],
    [0x2028, 0x2029],
  ])
  static readonly #DIGITS = CodeSet.of([[48, 57]])
  static readonly #WORDS = CodeSet.of([
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ])
  static readonly #SPACES = CodeSet.of([
    [9, 13],
    [32, 32],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ])
  /** `\d`, `\w`, `\s` and their opposites. */
  static readonly ESCAPES: ReadonlyMap<string, CodeSet> = new Map([
    ['d', CodeSet.#DIGITS],
    ['D', CodeSet.#DIGITS.inverted()],
    ['w', CodeSet.#WORDS],
    ['W', CodeSet.#WORDS.inverted()],
    ['s', CodeSet.#SPACES],
    ['S', CodeSet.#SPACES.inverted()],
  ])
}

/** Adds the part of a range that lies between two letters, moved to the other case. */
function addShifted(ranges: Range[], low: number, high: number, first: number, last: number, by: number): void {
  const from = Math.max(low, first)
  const to = Math.min(high, last)
  if (from <= to) ranges.push([from + by, to + by])
}
