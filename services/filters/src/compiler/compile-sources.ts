import { allEnded } from './all-ended.js'
import type { SourceMetrics, TransformationMetrics } from './compile-options.js'
import type { Configuration, Source } from './configuration/types.js'
import { applyLevel, loadPatterns } from './level.js'
import type { LevelMeans } from './level.js'
import { addressOf, shownName } from './source/source-name.js'
import type { SourceProgress } from './types.js'

export interface SourcesMeans extends Omit<LevelMeans, 'measured'> {
  readonly onSourceError: 'fail' | 'skip'
  readonly measured: (metrics: TransformationMetrics) => void
}

/** What became of one source; `lines` is undefined when it was left out. */
export interface SourceResult {
  lines: string[] | undefined
  readonly metrics: SourceMetrics
}

/**
 * Loads and transforms the sources, as many at a time as the limit says; the results are in the configured order. It rejects when all that
 * it began has ended.
 */
export async function compileSources(configuration: Configuration, means: SourcesMeans): Promise<SourceResult[]> {
  const { sources } = configuration
  const results: SourceResult[] = []
  let next = 0
  let done = 0
  const work = async (): Promise<void> => {
    while (next < sources.length) {
      means.signal.throwIfAborted()
      const index = next++
      const source = sources[index] as Source
      results[index] = await compileSource(source, index, sources.length, means)
      done++
      const message = `${done} of ${sources.length} sources are ready.`
      means.on({ type: 'progress', data: { phase: 'sources', current: done, total: sources.length, message } })
    }
  }
  await allEnded(
    Array.from({ length: Math.min(means.limits.parallelLoads, sources.length) }, () => work()),
    means.fail,
  )
  return results
}

async function compileSource(source: Source, sourceIndex: number, totalSources: number, means: SourcesMeans): Promise<SourceResult> {
  const address = addressOf(source.source)
  const { shown } = address
  const name = shownName(source.name, address)
  const started = performance.now()
  const progress: SourceProgress = { source: { name, source: shown }, sourceIndex, totalSources }
  let failed = false
  // Told at once, also while something else of the source still has to end.
  const fail = (failure: unknown): void => {
    if (failed || means.signal.aborted) return
    failed = true
    means.on({ type: 'source:error', data: { ...progress, durationMs: performance.now() - started, error: messageOf(failure) } })
    if (means.onSourceError === 'fail') means.fail(failure)
  }
  means.on({ type: 'source:start', data: progress })
  try {
    const loads = [means.reader.read(address), loadPatterns(source, { reader: means.reader, fail })] as const
    const [read, patterns] = await allEnded(loads, fail)
    const loadedCount = read.lines.length
    if (read.isStale) log(means, 'warn', `${name} could not be loaded; its last good copy is used.`)
    if (loadedCount === 1 && read.lines[0] === '') log(means, 'warn', `${name} is empty.`)
    const measured: LevelMeans['measured'] = (metrics) => means.measured({ ...metrics, source: shown, sourceIndex })
    const lines = await applyLevel(read.lines, source, patterns, { ...means, measured })
    const durationMs = performance.now() - started
    means.on({ type: 'source:complete', data: { ...progress, ruleCount: lines.length, durationMs } })
    const metrics = { name, source: shown, loadedCount, ruleCount: lines.length, bytes: read.bytes, durationMs }
    return { lines, metrics: { ...metrics, ...(read.isStale && { stale: true }) } }
  } catch (failure) {
    fail(failure)
    means.signal.throwIfAborted()
    const error = messageOf(failure)
    const durationMs = performance.now() - started
    log(means, 'warn', `${name} is left out: ${error}`)
    return { lines: undefined, metrics: { name, source: shown, loadedCount: 0, ruleCount: 0, bytes: 0, durationMs, error } }
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure)
}

function log(means: SourcesMeans, level: 'info' | 'warn', message: string): void {
  means.on({ type: 'log', data: { level, message } })
}
