import { parseAdblockRule, writeAdblockRule } from '../rules/adblock-rule.js'
import { isComment } from '../rules/comment.js'
import { findCode } from '../rules/find-code.js'
import { trimmed } from '../rules/white-space.js'
import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

const DOLLAR = 36
const REMOVED: ReadonlySet<string> = new Set(['third-party', '3p', 'all', 'document', 'doc', 'popup', 'network'])

/** Trims every line, and writes every rule that has options again without the modifiers that DNS blocking doesn't know. */
export function removeModifiers(lines: string[]): Steps {
  return mapLines(lines, (line) => {
    const text = trimmed(line)
    if (findCode(text, DOLLAR, 0) === -1 || isComment(text)) return text
    const rule = parseAdblockRule(text)
    if (rule?.options === undefined) return text
    const options = rule.options.filter(({ name }) => !REMOVED.has(name))
    return writeAdblockRule(rule.exception, rule.pattern, options)
  })
}
