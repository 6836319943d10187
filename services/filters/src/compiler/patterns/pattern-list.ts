import { CompileError } from '../compile-error.js'
import type { CompileLimits } from '../limits.js'
import type { Pace } from '../pace.js'
import type { BacktrackingPattern } from './backtracking.js'
import { kindOf } from './matcher.js'
import type { Matcher } from './matcher.js'
import { substringMatcher } from './substring.js'
import { wildcardMatcher } from './wildcard.js'

/** The patterns of one list of one level, ready to match. */
export interface PatternList {
  readonly matchers: readonly Matcher[]
  /** These take lines whose case is taken away by `fold`. */
  readonly wildcards: readonly Matcher[]
  /** Those that need a thread of their own. */
  readonly backtracking: readonly BacktrackingPattern[]
}

/** @throws CompileError INVALID_PATTERN, TOO_MANY_PATTERNS, PATTERN_TOO_LONG */
export async function readPatterns(patterns: readonly string[], limits: CompileLimits, pace: Pace): Promise<PatternList> {
  if (patterns.length > limits.patterns) {
    throw new CompileError('TOO_MANY_PATTERNS', `${patterns.length} patterns are more than the allowed ${limits.patterns} of one level.`)
  }
  const matchers: Matcher[] = []
  const wildcards: Matcher[] = []
  const backtracking: BacktrackingPattern[] = []
  for (const pattern of patterns) {
    if (pattern.length > limits.patternLength) {
      const message = `The pattern "${pattern.slice(0, 50)}..." has ${pattern.length} characters; at most ${limits.patternLength} are allowed.`
      throw new CompileError('PATTERN_TOO_LONG', message)
    }
    const kind = kindOf(pattern)
    if (kind === 'substring') matchers.push(substringMatcher(pattern))
    else if (kind === 'wildcard') wildcards.push(wildcardMatcher(pattern))
    else {
      const { readRegex } = await import('./regex.js')
      const regex = await readRegex(pattern)
      if ('matcher' in regex) matchers.push(regex.matcher)
      else backtracking.push(regex.backtracking)
    }
    await pace.rest()
  }
  return { matchers, wildcards, backtracking }
}
