import { isComment } from '../rules/comment.js'
import { canonicalIpRule, ruleCheck } from '../rules/valid-rule.js'
import type { ValidationRules } from '../rules/valid-rule.js'
import { isBlank, trimmed } from '../rules/white-space.js'
import { dropUpwards } from './transformation.js'
import type { Steps, Transformation } from './transformation.js'

/** The transformation that drops what DNS blocking must not or can't have, together with comments and empty lines right above. */
export function validating(rules: ValidationRules): Transformation {
  const isValid = ruleCheck(rules)
  return (lines: string[]): Steps =>
    dropUpwards(
      lines,
      (line, index) => {
        if (isBlank(line)) return false
        let rule = line
        if (rules.allowIp) {
          const plain = trimmed(line)
          const canonical = canonicalIpRule(plain)
          if (canonical !== plain) {
            rule = canonical
            lines[index] = canonical
          }
        }
        return !isValid(rule)
      },
      (line) => line === '' || isComment(line),
    )
}
