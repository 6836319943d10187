import type { CompileMetrics } from '../compiler/index.js'
import type { CompileMetricsView } from './compile-result.js'
import { roundedMs, withRoundedDuration } from './rounded-ms.js'

type TransformationView = NonNullable<CompileMetricsView['transformationMetrics']>[number]

/** Figures are a part of a job's last event: of each list of them so much is shown, in characters of JSON. */
const MAX_LIST_CHARACTERS = 14 * 1024

/** The figures of a compilation, without those of the last sources and transformations where there are too many for an event. */
export function boundedMetrics(metrics: CompileMetrics | CompileMetricsView, maxCharacters = MAX_LIST_CHARACTERS): CompileMetricsView {
  const { sourceCount, ruleCount } = metrics
  const sources = metrics.sources.map((source) => withRoundedDuration(source))
  const transformationMetrics = metrics.transformationMetrics?.map((transformation) => withRoundedDuration(transformation))
  const shownSources = firstOf<CompileMetricsView['sources'][number]>(sources, maxCharacters)
  const shownTransformations = transformationMetrics && firstOf<TransformationView>(transformationMetrics, maxCharacters)
  const sourcesOmitted = omittedBefore(metrics, 'sourcesOmitted') + sources.length - shownSources.length
  const transformationsOmitted =
    omittedBefore(metrics, 'transformationsOmitted') + (transformationMetrics?.length ?? 0) - (shownTransformations?.length ?? 0)
  return {
    totalDurationMs: roundedMs(metrics.totalDurationMs),
    sourceCount,
    ruleCount,
    sources: shownSources,
    ...(sourcesOmitted > 0 && { sourcesOmitted }),
    ...(shownTransformations !== undefined && { transformationMetrics: shownTransformations }),
    ...(transformationsOmitted > 0 && { transformationsOmitted }),
  }
}

/** The first items that fit into so many characters of JSON together. */
export function firstOf<T>(items: readonly T[], maxCharacters: number): T[] {
  let room = maxCharacters
  const end = items.findIndex((item) => (room -= JSON.stringify(item).length + 1) < 0)
  return items.slice(0, end === -1 ? items.length : end)
}

function omittedBefore(metrics: CompileMetrics | CompileMetricsView, what: 'sourcesOmitted' | 'transformationsOmitted'): number {
  return what in metrics ? ((metrics as CompileMetricsView)[what] ?? 0) : 0
}
