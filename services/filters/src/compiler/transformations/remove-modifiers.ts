import { parseAdblockRule, writeAdblockRule } from '../rules/adblock-rule.js'
import { isComment } from '../rules/comment.js'
import { trimmed } from '../rules/white-space.js'
import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

const REMOVED: ReadonlySet<string> = new Set(['third-party', '3p', 'all', 'document', 'doc', 'popup', 'network'])

/** Trims every line, and writes every rule that has options again without the modifiers that DNS blocking doesn't know. */
export function removeModifiers(lines: string[]): Steps {
  return mapLines(lines, (line) => {
    const text = trimmed(line)
    if (!text.includes('$') || isComment(text)) return text
    const rule = parseAdblockRule(text)
    if (rule?.options === undefined) return text
    const options = rule.options.filter(({ name }) => !REMOVED.has(name))
    return writeAdblockRule(rule.exception, rule.pattern, options)
  })
}
