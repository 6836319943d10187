import { CodeSet } from './code-set.js'

/** A regular expression of JavaScript (flags `im`) as a tree. `set` matches one code unit. */
export type Node =
  | { readonly kind: 'set'; readonly set: CodeSet }
  | { readonly kind: 'anchor'; readonly anchor: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number }

/** Thrown for what needs backtracking: look-around, back-references, and what is too large or too odd. The message is a sentence that says which. */
export class NeedsBacktracking extends Error {}

/** Deeper nesting is left to the engine of JavaScript. */
const MAX_DEPTH = 200

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
])
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})/u

/**
 * Reads a regular expression that JavaScript accepts (this is not checked again), the oddities of its older syntax included.
 *
 * @throws NeedsBacktracking
 */
export function parseRegex(source: string): Node {
  return new RegexParser(source).run()
}

class RegexParser {
  readonly #source: string
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#source = source
  }

  run(): Node {
    const node = this.#choice()
    if (this.#at < this.#source.length) throw new NeedsBacktracking('Something in it is not understood.')
    return node
  }

  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) throw new NeedsBacktracking('It is nested too deep.')
    const nodes: Node[] = [this.#sequence()]
    while (this.#takes('|')) nodes.push(this.#sequence())
    this.#depth--
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'choice', nodes }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) nodes.push(this.#quantified(this.#atom()))
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'sequence', nodes }
  }

  #quantified(node: Node): Node {
    const found = QUANTIFIER.exec(this.#source.slice(this.#at, this.#at + 32))?.[0]
    if (found === undefined) return node
    this.#at += found.length
    // Greedy or not, what matches is the same.
    this.#takes('?')
    if (found === '*') return { kind: 'repeat', node, min: 0, max: Infinity }
    if (found === '+') return { kind: 'repeat', node, min: 1, max: Infinity }
    if (found === '?') return { kind: 'repeat', node, min: 0, max: 1 }
    const [low, high] = found.slice(1, -1).split(',')
    const min = Number(low)
    return { kind: 'repeat', node, min, max: high === undefined ? min : high === '' ? Infinity : Number(high) }
  }

  #atom(): Node {
    const character = this.#next()
    if (character === '(') return this.#group()
    if (character === '[') return { kind: 'set', set: this.#class() }
    if (character === '.') return { kind: 'set', set: CodeSet.LINE_ENDS.inverted() }
    if (character === '^') return { kind: 'anchor', anchor: 'start' }
    if (character === '$') return { kind: 'anchor', anchor: 'end' }
    if (character === '\\') return this.#escape()
    return literal(character.charCodeAt(0))
  }

  #group(): Node {
    if (this.#takes('?')) {
      if (this.#takes('<')) {
        if (this.#sees('=') || this.#sees('!')) throw new NeedsBacktracking('It looks behind.')
        this.#at = this.#source.indexOf('>', this.#at) + 1
      } else if (!this.#takes(':')) throw new NeedsBacktracking('It looks ahead.')
    }
    const node = this.#choice()
    this.#takes(')')
    return node
  }

  #escape(): Node {
    if (this.#takes('b')) return { kind: 'anchor', anchor: 'boundary' }
    if (this.#takes('B')) return { kind: 'anchor', anchor: 'no-boundary' }
    const character = this.#source[this.#at] ?? ''
    if ((character >= '1' && character <= '9') || character === 'k') throw new NeedsBacktracking('It refers back.')
    const escaped = this.#escaped()
    return typeof escaped === 'number' ? literal(escaped) : { kind: 'set', set: escaped }
  }

  /** What follows a backslash: a code unit, or a class such as `\d`. */
  #escaped(): number | CodeSet {
    const character = this.#next()
    const set = CodeSet.ESCAPES.get(character)
    if (set !== undefined) return set
    const control = CONTROL_ESCAPES.get(character)
    if (control !== undefined) return control
    if (character === '0') return this.#octal()
    if (character === 'x') return this.#hex(2) ?? 120
    if (character === 'u') return this.#hex(4) ?? 117
    if (character === 'c') {
      if (!/[A-Za-z]/u.test(this.#source[this.#at] ?? '')) throw new NeedsBacktracking('It has an odd escape.')
      return this.#next().charCodeAt(0) % 32
    }
    return character.charCodeAt(0)
  }

  #octal(): number {
    if (/[0-7]/u.test(this.#source[this.#at] ?? '')) throw new NeedsBacktracking('It has an octal escape.')
    return 0
  }

  #hex(digits: number): number | undefined {
    const found = this.#source.slice(this.#at, this.#at + digits)
    if (found.length !== digits || /[^0-9a-fA-F]/u.test(found)) return undefined
    this.#at += digits
    return Number.parseInt(found, 16)
  }

  #class(): CodeSet {
    const isNegated = this.#takes('^')
    const ranges: [number, number][] = []
    const sets: CodeSet[] = []
    while (!this.#takes(']')) {
      const low = this.#classAtom()
      if (!this.#sees('-') || this.#source[this.#at + 1] === ']') {
        if (typeof low === 'number') ranges.push([low, low])
        else sets.push(low)
        continue
      }
      this.#at++
      const high = this.#classAtom()
      if (typeof low === 'number' && typeof high === 'number') ranges.push([low, high])
      else {
        // A class at either end makes the hyphen a character of its own.
        ranges.push([45, 45])
        for (const end of [low, high]) {
          if (typeof end === 'number') ranges.push([end, end])
          else sets.push(end)
        }
      }
    }
    const set = CodeSet.of(ranges).foldedCase().joined(sets)
    return isNegated ? set.inverted() : set
  }

  #classAtom(): number | CodeSet {
    const character = this.#next()
    if (character !== '\\') return character.charCodeAt(0)
    if (this.#takes('b')) return 8
    if (/[1-9]/u.test(this.#source[this.#at] ?? '')) throw new NeedsBacktracking('It has an octal escape.')
    return this.#escaped()
  }

  #next(): string {
    if (this.#at >= this.#source.length) throw new NeedsBacktracking('It ends too soon.')
    return this.#source[this.#at++] as string
  }

  #sees(token: string): boolean {
    return this.#source.startsWith(token, this.#at)
  }

  #takes(token: string): boolean {
    if (!this.#sees(token)) return false
    this.#at += token.length
    return true
  }
}

function literal(code: number): Node {
  return { kind: 'set', set: CodeSet.of([[code, code]]).foldedCase() }
}
