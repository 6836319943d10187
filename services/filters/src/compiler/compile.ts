import { setMaxListeners } from 'node:events'
import { allEnded } from './all-ended.js'
import type { Compilation, CompileOptions, TransformationMetrics } from './compile-options.js'
import { compileSources } from './compile-sources.js'
import type { SourceResult, SourcesMeans } from './compile-sources.js'
import type { ConfigurationRules } from './configuration/configuration-rules.js'
import type { Configuration } from './configuration/types.js'
import { validateConfiguration } from './configuration/validate-configuration.js'
import { Deadline } from './deadline.js'
import { applyLevel, loadPatterns } from './level.js'
import { DEFAULT_LIMITS } from './limits.js'
import type { CompileLimits } from './limits.js'
import { listHeader, sourceHeader } from './output/header.js'
import { Pace } from './pace.js'
import { BacktrackingBudget } from './patterns/backtracking-budget.js'
import type { DefaultLoad } from './source/default-load.js'
import { SourceReader } from './source/read-source.js'
import { SourceTexts } from './source/source-texts.js'
import type { Listener } from './types.js'

/**
 * Compiles a list: loads its sources in parallel, transforms each, joins them in their order, transforms the whole and puts the header
 * before it.
 *
 * @throws CompileError INVALID_CONFIGURATION, SOURCE_FAILED, SOURCE_TOO_LARGE, INVALID_DIRECTIVE, INVALID_PATTERN, PATTERN_TIMEOUT,
 * COMPILATION_TIMEOUT and others, each with a message that says what to do; the reason of `options.signal` when it is aborted. When it
 * rejects, nothing of it goes on
 */
export async function compile(configuration: Configuration, options: CompileOptions = {}): Promise<Compilation> {
  const started = performance.now()
  options.signal?.throwIfAborted()
  validateConfiguration(configuration, rulesOf(options))
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  // What fails ends everything that still runs, and what has ended says nothing more.
  const ending = new AbortController()
  const on: Listener = (event) => {
    if (!ending.signal.aborted) options.on?.(event)
  }
  const deadline = new Deadline(options.timeoutMs)
  const signal = AbortSignal.any([ending.signal, deadline.signal, ...(options.signal === undefined ? [] : [options.signal])])
  // Every source that loads listens.
  setMaxListeners(0, signal)
  const pace = new Pace(options.pausePoint && uncounted(options.pausePoint, deadline), signal)
  const { load, close } = options.load === undefined ? await defaultLoadOf(options, limits) : { load: options.load, close: undefined }
  const texts = new SourceTexts({ load, preFetched: options.preFetched ?? {}, limits, signal, on })
  const reader = new SourceReader(texts, limits)
  const transformationMetrics: TransformationMetrics[] = []
  const fail = (error: unknown): void => ending.abort(error)
  const means = { limits, pace, signal, reader, on, fail, backtracking: new BacktrackingBudget(limits.patternDeadlineMs) }
  try {
    const sourcesMeans: SourcesMeans = {
      ...means,
      onSourceError: options.onSourceError ?? 'fail',
      measured: (metrics) => transformationMetrics.push(metrics),
    }
    const [sources, patterns] = await allEnded([compileSources(configuration, sourcesMeans), loadPatterns(configuration, means)], fail)
    const joined = join(configuration, sources)
    const measured = (metrics: TransformationMetrics): unknown => transformationMetrics.push(metrics)
    const body = await applyLevel(joined, configuration, patterns, { ...means, measured })
    const rules = listHeader(configuration, new Date()).concat(body)
    const totalDurationMs = performance.now() - started
    return {
      rules,
      ruleCount: rules.length,
      metrics: {
        totalDurationMs,
        sourceCount: configuration.sources.length,
        ruleCount: rules.length,
        sources: sources.map(({ metrics }) => metrics),
        ...(options.benchmark === true && { transformationMetrics }),
      },
      sourceHashes: texts.hashes(),
    }
  } finally {
    deadline.end()
    ending.abort()
    await close?.()
  }
}

/** Only loaded where it is needed. */
async function defaultLoadOf({ localFolder, download }: CompileOptions, limits: CompileLimits): Promise<DefaultLoad> {
  const { createDefaultLoad } = await import('./source/default-load.js')
  return createDefaultLoad({ localFolder, download, limits })
}

/** A `load` of the caller's own says itself what it takes. */
function rulesOf({ limits, load, localFolder, preFetched = {} }: CompileOptions): ConfigurationRules {
  const isPreFetched = (source: string): boolean => Object.hasOwn(preFetched, source)
  return { limits, ...(load === undefined && { places: { localFiles: localFolder !== undefined, isPreFetched } }) }
}

/** Time that a compilation stands still is not counted. */
function uncounted(pausePoint: NonNullable<CompileOptions['pausePoint']>, deadline: Deadline): () => Promise<void> {
  return async () => {
    deadline.pause()
    try {
      await pausePoint()
    } finally {
      deadline.resume()
    }
  }
}

/** Every source's header and lines, in the configured order. */
function join(configuration: Configuration, results: SourceResult[]): string[] {
  const parts: string[][] = []
  for (const [index, result] of results.entries()) {
    const source = configuration.sources[index]
    if (source === undefined || result.lines === undefined) continue
    parts.push(sourceHeader(source), result.lines)
    // The array is not needed any more, and there may be many.
    result.lines = undefined
  }
  return ([] as string[]).concat(...parts)
}
