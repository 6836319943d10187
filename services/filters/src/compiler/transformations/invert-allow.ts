import { isComment } from '../rules/comment.js'
import { isHostsRule } from '../rules/hosts-rule.js'
import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

/** Puts `@@` before every rule that is not empty, a comment, a hosts rule or an exception already. */
export function invertAllow(lines: string[]): Steps {
  return mapLines(lines, (line) => {
    if (line === '' || line.startsWith('@@') || isComment(line) || isHostsRule(line)) return line
    return `@@${line}`
  })
}
