import { CompileError } from '../compile-error.js'
import type { BacktrackingPattern } from './backtracking.js'
import type { Matcher } from './matcher.js'
import { regexProblem } from './regex-problem.js'

/** A pattern without any of these has nothing to go back for: the engine of JavaScript takes it in one pass for each start. */
const PLAIN = /^(?:[^\\()[\]{}*+?]|\\[.\-/^$|()[\]{}*+?dwsDWSbB]|\[(?:[^\\\]]|\\[^\r\n])*\])*$/u
/** Longer patterns and lines go to the engine that takes linear time for certain. */
const MAX_PLAIN_LENGTH = 200
const MAX_PLAIN_LINE = 10_000

/** A pattern between slashes: matched in linear time, or one that only backtracking can match. */
export type RegexPattern = { readonly matcher: Matcher } | { readonly backtracking: BacktrackingPattern }

/**
 * Reads a pattern between slashes: any case, multi-line, not anchored.
 *
 * @throws CompileError INVALID_PATTERN
 */
export async function readRegex(pattern: string): Promise<RegexPattern> {
  const source = pattern.slice(1, -1)
  const problem = regexProblem(source)
  if (problem !== undefined) throw new CompileError('INVALID_PATTERN', `${shown(pattern)} is not a regular expression: ${problem}.`)
  const [{ parseRegex, NeedsBacktracking }, { linearMatcher }] = await Promise.all([
    import('./regex-syntax.js'),
    import('./linear-regex.js'),
  ])
  let linear: Matcher
  try {
    linear = linearMatcher(parseRegex(source))
  } catch (error) {
    if (error instanceof NeedsBacktracking) return { backtracking: { source, why: error.message } }
    throw error
  }
  if (source.length > MAX_PLAIN_LENGTH || !PLAIN.test(source)) return { matcher: linear }
  const native = new RegExp(source, 'im')
  return { matcher: (line) => (line.length > MAX_PLAIN_LINE ? linear(line) : native.test(line)) }
}

function shown(pattern: string): string {
  return pattern.length > 100 ? `${pattern.slice(0, 100)}...` : pattern
}
