import { isBareDomain } from '../rules/domain-name.js'
import { addressEnd, everyHostsName, hasHostsName, hostsNamesStart } from '../rules/hosts-rule.js'
import { trimmed } from '../rules/white-space.js'
import { NameTable } from '../tables/name-table.js'
import { inSteps } from './transformation.js'
import type { Steps } from './transformation.js'

const BAR = 124
const CARET = 94
const COMMA = 44
const DOLLAR = 36
const DOT = 46
const HYPHEN = 45
/** What the output has beside lines that only pass. */
const PASSES = -1

/**
 * Where the name ends in `||name^`, which may have options that are none (`$`, `$,`); it begins at 2. The name has lower-case letters,
 * digits, dots and hyphens. -1 for any other line that begins with `|`.
 */
function blockedNameEnd(line: string): number {
  let last = line.length - 1
  if (line.charCodeAt(last) !== CARET) {
    while (line.charCodeAt(last) === COMMA) last--
    if (line.charCodeAt(last) !== DOLLAR) return -1
    last--
  }
  if (last < 3 || line.charCodeAt(last) !== CARET || line.charCodeAt(1) !== BAR) return -1
  for (let at = 2; at < last; at++) {
    const code = line.charCodeAt(at)
    if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === DOT || code === HYPHEN)) return -1
  }
  return last
}

/**
 * Every name of a hosts rule and every bare domain becomes `||name^`. The first of each name wins, and a name whose parent is present goes,
 * whatever the order. Everything else passes.
 */
export function* compress(lines: string[]): Steps {
  const names = new NameTable(lines.length)
  /** The output so far: lines that pass, and the rules that are names already; empty where a rule is still to be written. */
  const output: string[] = []
  /** Beside it the number of the name. */
  const numbers: number[] = []
  const addRule = (number: number, rule: string): void => {
    if (number === -1) return
    output.push(rule)
    numbers.push(number)
  }
  const addHostsName = (line: string, from: number, to: number): true => {
    addRule(names.add(line, from, to), '')
    return true
  }
  const readOdd = (line: string): void => {
    const text = trimmed(line)
    const end = text.charCodeAt(0) === BAR ? blockedNameEnd(text) : -1
    if (end !== -1) {
      addRule(names.add(text, 2, end), line)
      return
    }
    const start = hostsNamesStart(line)
    if (start !== -1 && hasHostsName(line, start)) everyHostsName(line, start, addHostsName)
    else if (isBareDomain(line)) addRule(names.add(line, 0, line.length), '')
    else {
      output.push(line)
      numbers.push(PASSES)
    }
  }
  yield* inSteps(lines.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const line = lines[i] as string
      const isBlocked = line.charCodeAt(0) === BAR && line.charCodeAt(line.length - 1) === CARET
      const end = isBlocked ? line.length - 1 : line.length
      const start = names.readBack(line, end)
      if (start === end) readOdd(line)
      else if (isBlocked) {
        if (start === 2 && line.charCodeAt(1) === BAR) addRule(names.addRead(line, start, end), line)
        else readOdd(line)
      } else if (start === 0 ? isBareDomain(line) : addressEnd(line) === start) addRule(names.addRead(line, start, end), '')
      else readOdd(line)
    }
  })
  const kept = new KeptLines(output)
  yield* inSteps(output.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const number = numbers[i] as number
      if (number === PASSES) kept.keep(output[i] as string)
      else if (!names.hasParent(number)) {
        if (output[i] === '') kept.block(names.name(number))
        else kept.keep(output[i] as string)
      }
    }
    kept.writeRules()
  })
  return kept.end()
}

/** Writes what stays to the beginning of an array that is read further on; rules are made many at a time, in one piece of memory. */
class KeptLines {
  readonly #lines: string[]
  #count = 0
  readonly #names: string[] = []

  constructor(lines: string[]) {
    this.#lines = lines
  }

  keep(line: string): void {
    if (this.#names.length > 0) this.writeRules()
    this.#lines[this.#count++] = line
  }

  block(name: string): void {
    this.#names.push(name)
  }

  writeRules(): void {
    const names = this.#names
    if (names.length === 0) return
    const text = `||${names.join('^\n||')}^`
    if (names.length === 1) this.#lines[this.#count++] = text
    else for (const rule of text.split('\n')) this.#lines[this.#count++] = rule
    names.length = 0
  }

  end(): string[] {
    this.writeRules()
    this.#lines.length = this.#count
    return this.#lines
  }
}
