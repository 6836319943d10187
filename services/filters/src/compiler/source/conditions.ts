import { CompileError } from '../compile-error.js'
import type { CompileLimits } from '../limits.js'
import { evaluateCondition } from './condition.js'
import { isDirective } from './lines.js'

const IF = '!#if'
const ELSE = '!#else'
const END = '!#endif'

/** One `!#if` that is open. */
interface Branch {
  /** Whether the lines around it are kept. */
  readonly isOuterKept: boolean
  readonly isTrue: boolean
  isElse: boolean
}

/**
 * Keeps the lines whose conditions hold and drops the directives. Unlike in the reference an inner `!#if` leaves the outer `!#else` alone.
 *
 * @throws CompileError INVALID_DIRECTIVE for a condition that can't be read or is not closed, and for an `!#else` or `!#endif` without one
 */
export function resolveConditions(lines: string[], source: string, limits: CompileLimits): string[] {
  const open: Branch[] = []
  let isKept = true
  let kept = 0
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    if (!isDirective(line)) {
      if (isKept) lines[kept++] = line
    } else if (line.startsWith(IF)) {
      // What lies in a branch that is dropped anyway is not read.
      const isTrue: boolean = isKept && readCondition(line, source, limits)
      open.push({ isOuterKept: isKept, isTrue, isElse: false })
      isKept &&= isTrue
    } else if (line.startsWith(ELSE) || line.startsWith(END)) {
      const isEnd = line.startsWith(END)
      const branch = open.at(-1)
      if (branch === undefined) throw directiveError(`there is "${shown(line)}" without an ${IF} before it`, source)
      if (isEnd) open.pop()
      else if (line.trimEnd() !== ELSE) throw directiveError(`"${shown(line)}" is not ${ELSE}`, source)
      else if (branch.isElse && !branch.isTrue) throw directiveError(`there is a second ${ELSE} for one ${IF}`, source)
      else branch.isElse = true
      isKept = branch.isOuterKept && (isEnd || !branch.isTrue)
    } else if (isKept) lines[kept++] = line
  }
  if (open.length > 0) throw directiveError(`an ${IF} has no ${END}`, source)
  lines.length = kept
  return lines
}

function readCondition(line: string, source: string, limits: CompileLimits): boolean {
  const expression = line.slice(IF.length).trim()
  if (expression.length > limits.conditionLength) {
    throw directiveError(`an ${IF} is longer than the allowed ${limits.conditionLength} characters`, source)
  }
  return evaluateCondition(expression)
}

function directiveError(what: string, source: string): CompileError {
  return new CompileError('INVALID_DIRECTIVE', `In ${source} ${what}.`)
}

function shown(line: string): string {
  return line.length > 100 ? `${line.slice(0, 100)}...` : line
}
