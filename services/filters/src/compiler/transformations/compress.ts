import { isBareDomain } from '../rules/domain-name.js'
import { everyHostsName, hasHostsName, hostsNamesStart } from '../rules/hosts-rule.js'
import { trimmed } from '../rules/white-space.js'
import { inSteps } from './transformation.js'
import type { Steps } from './transformation.js'

const BAR = 124
const CARET = 94
const COMMA = 44
const DOLLAR = 36
const DOT = 46
const HYPHEN = 45
/** A name has at most 253 characters: longer parents are not looked for, so that a line of dots takes no more than linear time. */
const MAX_PARENT_LENGTH = 255

/** The name of `||name^` in lower-case letters, digits, dots and hyphens; undefined for any other line. */
function blockedName(line: string): string | undefined {
  let last = line.length - 1
  if (line.charCodeAt(last) !== CARET) {
    // Options that are none (`$`, `$,`) don't count.
    while (line.charCodeAt(last) === COMMA) last--
    if (line.charCodeAt(last) !== DOLLAR) return undefined
    last--
  }
  if (last < 3 || line.charCodeAt(last) !== CARET || line.charCodeAt(0) !== BAR || line.charCodeAt(1) !== BAR) return undefined
  for (let at = 2; at < last; at++) {
    const code = line.charCodeAt(at)
    if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === DOT || code === HYPHEN)) return undefined
  }
  return line.slice(2, last)
}

/**
 * Every name of a hosts rule and every bare domain becomes `||name^`. The first of each name wins, and a name whose parent is present goes,
 * whatever the order. Everything else passes.
 */
export function* compress(lines: string[]): Steps {
  const names = new Set<string>()
  /** The output so far; beside it the name that a line blocks, or an empty one where the line only passes. */
  const output: string[] = []
  const nameOf: string[] = []
  const block = (name: string, rule: string): void => {
    const before = names.size
    names.add(name)
    if (names.size === before) return
    output.push(rule)
    nameOf.push(name)
  }
  const blockName = (name: string): true => {
    block(name, `||${name}^`)
    return true
  }
  yield* inSteps(lines.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const line = lines[i] as string
      const blocked = blockedName(trimmed(line))
      if (blocked !== undefined) {
        block(blocked, line)
        continue
      }
      const start = hostsNamesStart(line)
      if (start !== -1 && hasHostsName(line, start)) everyHostsName(line, start, blockName)
      else if (isBareDomain(line)) blockName(line)
      else {
        output.push(line)
        nameOf.push('')
      }
    }
  })
  let kept = 0
  yield* inSteps(output.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const name = nameOf[i] as string
      if (name === '' || !hasParentIn(names, name)) output[kept++] = output[i] as string
    }
  })
  output.length = kept
  return output
}

function hasParentIn(names: ReadonlySet<string>, name: string): boolean {
  const from = Math.max(0, name.length - MAX_PARENT_LENGTH - 1)
  for (let dot = name.indexOf('.', from); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    if (names.has(name.slice(dot + 1))) return true
  }
  return false
}
