import { allEnded } from './all-ended.js'
import type { TransformationMetrics } from './compile-options.js'
import type { Level } from './configuration/types.js'
import type { FilterMeans } from './patterns/filter-lines.js'
import { joinPatterns } from './patterns/join-patterns.js'
import type { SourceReader } from './source/read-source.js'
import { addressOf } from './source/source-name.js'
import { stepProgress } from './step-progress.js'
import type { LinesDone } from './step-progress.js'
import { transformationsOf } from './transformations/index.js'
import type { Listener } from './types.js'

/** What loading the patterns of a level needs. */
export interface PatternMeans {
  readonly reader: SourceReader
  /** Ends the whole compilation. */
  readonly fail: (error: unknown) => void
}

export interface LevelMeans extends FilterMeans, PatternMeans {
  readonly on: Listener
  /** Hears what each transformation did. */
  readonly measured: (metrics: Omit<TransformationMetrics, 'source' | 'sourceIndex'>) => void
}

/** The patterns of a level, those in files loaded. */
export interface LevelPatterns {
  readonly exclusions: readonly string[]
  readonly inclusions: readonly string[]
}

/** Loads the pattern files of a level and joins them with the inline ones. */
export async function loadPatterns(level: Level, { reader, fail }: PatternMeans): Promise<LevelPatterns> {
  const load = async (inline: readonly string[] = [], sources: readonly string[] = []): Promise<string[]> => {
    const loaded: string[] = []
    const files = await allEnded(
      sources.map((source) => reader.read(addressOf(source))),
      fail,
    )
    for (const { lines } of files) for (const line of lines) loaded.push(line)
    return joinPatterns(inline, loaded)
  }
  const loads = [load(level.exclusions, level.exclusions_sources), load(level.inclusions, level.inclusions_sources)] as const
  const [exclusions, inclusions] = await allEnded(loads, fail)
  return { exclusions, inclusions }
}

/** Applies one level to lines: exclusions, inclusions, then its transformations in their order. */
export async function applyLevel(lines: string[], level: Level, patterns: LevelPatterns, means: LevelMeans): Promise<string[]> {
  let current = lines
  const step = async (name: string, work: (input: string[], done: LinesDone) => Promise<string[]>): Promise<void> => {
    const inputCount = current.length
    means.on({ type: 'transformation:start', data: { name, inputCount } })
    const started = performance.now()
    current = await work(current, stepProgress(name, inputCount, means.on))
    const durationMs = performance.now() - started
    const done = { name, inputCount, outputCount: current.length, durationMs }
    means.on({ type: 'transformation:complete', data: done })
    means.measured(done)
    await means.pace.rest()
  }
  for (const mode of ['exclusions', 'inclusions'] as const) {
    const list = patterns[mode]
    if (list.length === 0) continue
    const { filterByPatterns } = await import('./patterns/filter-lines.js')
    await step(mode === 'exclusions' ? 'Exclude' : 'Include', (input, done) => filterByPatterns(input, list, mode, means, done))
  }
  for (const { name, transform } of await transformationsOf(level.transformations)) {
    await step(name, (input, done) => means.pace.run(transform(input), done))
  }
  return current
}
