import { isException, optionsAt, parseAdblockRule, writeAdblockRule } from '../rules/adblock-rule.js'
import { isComment } from '../rules/comment.js'
import { trimmed } from '../rules/white-space.js'
import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

const NAMES = ['third-party', '3p', 'all', 'document', 'doc', 'popup', 'network']
const REMOVED: ReadonlySet<string> = new Set(NAMES)
/** Options that are not written as they are: one to remove, an escaped comma, none, and a second `=` or nothing after the first. */
const CHANGED = new RegExp(`(?:^|,)(?:${NAMES.join('|')})(?:[,=]|$)|\\\\,|^,|^$|,,|,$|=[^,]*=|=(?:,|$)`)

/** Trims every line, and writes every rule that has options again without the modifiers that DNS blocking doesn't know. */
export function removeModifiers(lines: string[]): Steps {
  return mapLines(lines, (line) => {
    const text = trimmed(line)
    if (!text.includes('$') || isComment(text)) return text
    const at = optionsAt(text, isException(text) ? 2 : 0)
    if (at === -1 || !CHANGED.test(text.slice(at + 1))) return text
    const rule = parseAdblockRule(text)
    if (rule?.options === undefined) return text
    const options = rule.options.filter(({ name }) => !REMOVED.has(name))
    return writeAdblockRule(rule.exception, rule.pattern, options)
  })
}
