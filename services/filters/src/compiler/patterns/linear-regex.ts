import { RE2JS } from 're2js'
import type { CodeSet } from './code-set.js'
import type { Matcher } from './matcher.js'
import { NeedsBacktracking } from './regex-syntax.js'
import type { Node } from './regex-syntax.js'

/** RE2 refuses more; so many copies of a part would take too much memory anyway. */
const MAX_REPEAT = 1_000
/** How many code units of sets, every repetition counted, one pattern may come to. */
const MAX_SIZE = 100_000
/** Surrogates can't stand alone for RE2: each is moved to a code point of its own, in patterns and lines alike. */
const SURROGATES = { first: 0xd800, last: 0xdfff, movedTo: 0x100000 }
const HAS_MOVED = /[\ud800-\udfff\u2028\u2029]/

/**
 * A matcher that takes linear time for whatever pattern and line, by RE2. The tree is written in RE2's syntax with explicit sets, so that
 * case, white space and line ends are those of JavaScript.
 *
 * @throws NeedsBacktracking when RE2 can't take it
 */
export function linearMatcher(node: Node): Matcher {
  if (sizeOf(node) > MAX_SIZE) throw new NeedsBacktracking('It is too large: its repetitions, written out, have too many parts.')
  let compiled: RE2JS
  try {
    // What is written here is right, so that only its size can be refused.
    compiled = RE2JS.compile(write(node), RE2JS.MULTILINE)
  } catch (cause) {
    throw new NeedsBacktracking('It is too large: its repetitions, written out, have too many parts.', { cause })
  }
  return (line) => compiled.test(HAS_MOVED.test(line) ? moved(line) : line)
}

function sizeOf(node: Node): number {
  if (node.kind === 'set') return node.set.ranges.length
  if (node.kind === 'anchor') return 1
  if (node.kind === 'repeat') return sizeOf(node.node) * Math.max(1, node.max === Infinity ? node.min : node.max) + 1
  return node.nodes.reduce((sum, one) => sum + sizeOf(one), 1)
}

function write(node: Node): string {
  switch (node.kind) {
    case 'set':
      return writeSet(node.set)
    case 'anchor':
      return { start: '^', end: '$', boundary: '\\b', 'no-boundary': '\\B' }[node.anchor]
    case 'sequence':
      return node.nodes.map(write).join('')
    case 'choice':
      return `(?:${node.nodes.map(write).join('|')})`
    case 'repeat':
      return writeRepeat(node)
  }
}

function writeRepeat({ node, min, max }: Extract<Node, { kind: 'repeat' }>): string {
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw new NeedsBacktracking('It repeats too often.')
  const inner = `(?:${write(node)})`
  if (max === Infinity) return min === 0 ? `${inner}*` : min === 1 ? `${inner}+` : `${inner}{${min},}`
  return `${inner}{${min},${max}}`
}

/** In the lines that are matched there is no CR and no LF, and the two other line ends are written as LF. */
function writeSet(set: CodeSet): string {
  const parts: string[] = []
  const add = (low: number, high: number): void => {
    if (low <= high) parts.push(`\\x{${low.toString(16)}}-\\x{${high.toString(16)}}`)
  }
  const separators = [0x2028, 0x2029].filter((code) => set.ranges.some(([low, high]) => low <= code && code <= high))
  if (separators.length === 1) throw new NeedsBacktracking('It tells one Unicode line end from the other.')
  for (const [low, high] of set.ranges) {
    add(Math.max(low, 0), Math.min(high, 9))
    add(Math.max(low, 11), Math.min(high, 12))
    add(Math.max(low, 14), Math.min(high, 0x2027))
    add(Math.max(low, 0x202a), Math.min(high, SURROGATES.first - 1))
    const first = Math.max(low, SURROGATES.first)
    const last = Math.min(high, SURROGATES.last)
    add(first - SURROGATES.first + SURROGATES.movedTo, last - SURROGATES.first + SURROGATES.movedTo)
    add(Math.max(low, SURROGATES.last + 1), high)
  }
  if (separators.length > 0) parts.push('\\n')
  return parts.length === 0 ? '[^\\x{0}-\\x{10FFFF}]' : `[${parts.join('')}]`
}

function moved(line: string): string {
  let output = ''
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === 0x2028 || code === 0x2029) output += '\n'
    else if (code >= SURROGATES.first && code <= SURROGATES.last) {
      output += String.fromCodePoint(code - SURROGATES.first + SURROGATES.movedTo)
    } else output += line[at]
  }
  return output
}
