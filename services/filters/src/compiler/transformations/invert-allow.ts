import { isException } from '../rules/adblock-rule.js'
import { isComment } from '../rules/comment.js'
import { isHostsRule } from '../rules/hosts-rule.js'
import { inSteps, packLines } from './transformation.js'
import type { Steps } from './transformation.js'

/** Puts `@@` before every rule that is not empty, a comment, a hosts rule or an exception already. */
export function* invertAllow(lines: string[]): Steps {
  yield* inSteps(lines.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const line = lines[i] as string
      if (!isLeftAlone(line)) lines[i] = `@@${line}`
    }
    packLines(lines, from, to)
  })
  return lines
}

function isLeftAlone(line: string): boolean {
  return line === '' || isException(line) || isComment(line) || isHostsRule(line)
}
