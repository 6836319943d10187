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
  const reader = new NameReader(lines)
  yield* inSteps(lines.length, (from, to) => reader.read(from, to))
  const output = new Output(reader.names)
  yield* inSteps(reader.names.count, (from, to) => output.write(from, to))
  return output.lines
}

/** Puts the names of lines into a table, and between them the lines that pass. */
class NameReader {
  readonly names: NameTable
  readonly #lines: readonly string[]

  constructor(lines: readonly string[]) {
    this.#lines = lines
    this.names = new NameTable(lines)
  }

  read(from: number, to: number): void {
    for (let index = from; index < to; index++) this.#readLine(index)
  }

  #readLine(index: number): void {
    const line = this.#lines[index] as string
    const { names } = this
    const isBlocked = line.charCodeAt(0) === BAR && line.charCodeAt(line.length - 1) === CARET
    const end = isBlocked ? line.length - 1 : line.length
    const start = names.readBack(line, end)
    if (start === end || !isNameAt(line, start, isBlocked)) this.#readOdd(line, index)
    else names.addRead(index, start, end)
  }

  #readOdd(line: string, index: number): void {
    const { names } = this
    const text = trimmed(line)
    const end = text.charCodeAt(0) === BAR ? blockedNameEnd(text) : -1
    if (end !== -1) {
      const indent = line.indexOf(text)
      names.add(index, indent + 2, indent + end)
      return
    }
    const start = hostsNamesStart(line)
    if (start !== -1 && hasHostsName(line, start)) {
      everyHostsName(line, start, (_line, from, to) => {
        names.add(index, from, to)
        return true
      })
    } else if (isBareDomain(line)) names.add(index, 0, line.length)
    else names.addLine(index)
  }
}

/** Whether what `NameTable.readBack` gave is the one name of a rule, a bare domain or a hosts rule. */
function isNameAt(line: string, start: number, isBlocked: boolean): boolean {
  if (isBlocked) return start === 2 && line.charCodeAt(1) === BAR
  return start === 0 ? isBareDomain(line) : addressEnd(line) === start
}

/** Writes what stays; rules are made many at a time, in one piece of memory. */
class Output {
  readonly lines: string[] = []
  readonly #names: NameTable
  readonly #rules: string[] = []

  constructor(names: NameTable) {
    this.#names = names
  }

  write(from: number, to: number): void {
    for (let number = from; number < to; number++) if (!this.#names.hasParent(number)) this.#keep(number)
    this.#writeRules()
  }

  #keep(number: number): void {
    const line = this.#names.line(number)
    if (this.#names.start(number) !== -1 && !isBlockedName(line)) {
      this.#rules.push(this.#names.name(number))
      return
    }
    if (this.#rules.length > 0) this.#writeRules()
    this.lines.push(line)
  }

  #writeRules(): void {
    const names = this.#rules
    if (names.length === 0) return
    const text = `||${names.join('^\n||')}^`
    if (names.length === 1) this.lines.push(text)
    else for (const rule of text.split('\n')) this.lines.push(rule)
    names.length = 0
  }
}

/** Of lines that have a name: whether they are `||name^` already. */
function isBlockedName(line: string): boolean {
  return trimmed(line).charCodeAt(0) === BAR
}
