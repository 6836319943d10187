import type { CompileLimits } from '../limits.js'
import type { Pace } from '../pace.js'
import type { LinesDone } from '../step-progress.js'
import { LINES_PER_STEP } from '../transformations/transformation.js'
import type { Steps } from '../transformations/transformation.js'
import type { BacktrackingBudget } from './backtracking-budget.js'
import { fold } from './fold.js'
import { readPatterns } from './pattern-list.js'
import type { PatternList } from './pattern-list.js'

/** How often a pattern meets a line between two yields: many patterns yield as often as few. */
const MATCHES_PER_STEP = 16_384

export interface FilterMeans {
  readonly limits: CompileLimits
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly backtracking: BacktrackingBudget
}

/**
 * Keeps the lines that a pattern matches (`inclusions`), or drops them (`exclusions`). No patterns keep all.
 *
 * @throws CompileError of {@link readPatterns}; PATTERN_TIMEOUT
 */
export async function filterByPatterns(
  lines: string[],
  patterns: readonly string[],
  mode: 'exclusions' | 'inclusions',
  { limits, pace, signal, backtracking }: FilterMeans,
  done: LinesDone,
): Promise<string[]> {
  if (patterns.length === 0) return lines
  const list = await readPatterns(patterns, limits, pace)
  const found = new Uint8Array(lines.length)
  if (list.backtracking.length > 0) {
    const { matchBacktracking } = await import('./backtracking.js')
    await matchBacktracking(list.backtracking, lines, found, { budget: backtracking, signal, done })
  }
  return pace.run(keepLines(lines, list, found, mode === 'inclusions' ? 1 : 0), done)
}

/** Lines that are marked in `found` already are not matched again. */
function* keepLines(lines: string[], { matchers, wildcards }: PatternList, found: Uint8Array, wanted: 0 | 1): Steps {
  const perStep = Math.min(LINES_PER_STEP, Math.ceil(MATCHES_PER_STEP / (matchers.length + wildcards.length + 1)))
  let kept = 0
  for (let from = 0; from < lines.length; from += perStep) {
    const to = Math.min(from + perStep, lines.length)
    for (let i = from; i < to; i++) {
      const line = lines[i] as string
      if (found[i] === 0 && (matchers.some((matches) => matches(line)) || someWildcard(wildcards, line))) found[i] = 1
      if (found[i] === wanted) lines[kept++] = line
    }
    yield to
  }
  lines.length = kept
  return lines
}

function someWildcard(wildcards: PatternList['wildcards'], line: string): boolean {
  if (wildcards.length === 0) return false
  const folded = fold(line)
  return wildcards.some((matches) => matches(folded))
}
