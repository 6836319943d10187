import type { CompileLimits } from '../limits.js'
import type { Pace } from '../pace.js'
import { inSteps } from '../transformations/transformation.js'
import { readPatterns } from './pattern-list.js'

export interface FilterMeans {
  readonly limits: CompileLimits
  readonly pace: Pace
  readonly signal: AbortSignal
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
  { limits, pace, signal }: FilterMeans,
): Promise<string[]> {
  if (patterns.length === 0) return lines
  const { matchers, backtracking } = await readPatterns(patterns, limits)
  const found = new Uint8Array(lines.length)
  if (backtracking.length > 0) {
    const { matchBacktracking } = await import('./backtracking.js')
    await matchBacktracking(backtracking, lines, found, limits.patternDeadlineMs, signal)
  }
  const wanted = mode === 'inclusions' ? 1 : 0
  let kept = 0
  await pace.run(
    inSteps(lines.length, (from, to) => {
      for (let i = from; i < to; i++) {
        const line = lines[i] as string
        if (found[i] === 0 && matchers.some((matches) => matches(line))) found[i] = 1
        if (found[i] === wanted) lines[kept++] = line
      }
    }),
  )
  lines.length = kept
  return lines
}
