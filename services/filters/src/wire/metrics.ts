import type { ServerKit } from '@headway/server'
import type { Computations } from '../jobs/computations.js'
import type { Figures } from '../jobs/figures.js'

const SECONDS_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Adds what compilations say of themselves to `/metrics`. */
export function addMetrics({ metrics }: Pick<ServerKit, 'metrics'>, figures: Figures, computations: () => Computations | undefined): void {
  const jobs = metrics.counter({
    name: 'headway_filters_compilations_total',
    help: 'Compile jobs that ended at this node',
    labels: ['outcome'],
  })
  const seconds = metrics.histogram({
    name: 'headway_filters_compilation_duration_seconds',
    help: 'Time from the beginning of a compile job to its end',
    labels: ['outcome'],
    buckets: SECONDS_BUCKETS,
  })
  const transformations = metrics.histogram({
    name: 'headway_filters_transformation_duration_seconds',
    help: 'Time that one transformation of one level took',
    labels: ['name'],
    buckets: SECONDS_BUCKETS,
  })
  const rules = metrics.counter({ name: 'headway_filters_source_rules_total', help: 'Rules that sources gave' })
  const sources = metrics.counter({ name: 'headway_filters_sources_total', help: 'Sources by what became of them', labels: ['outcome'] })
  const requests = metrics.counter({ name: 'headway_filters_downloads_total', help: 'Requests to servers of sources', labels: ['status'] })
  const bytes = metrics.counter({ name: 'headway_filters_download_bytes_total', help: 'Bytes that sources sent' })
  const cache = metrics.counter({
    name: 'headway_filters_cache_operations_total',
    help: 'What was found in, put into and thrown out of the caches of downloads and results',
    labels: ['operation'],
  })
  metrics.gauge(
    { name: 'headway_filters_computations', help: 'Compilations under way; like requests share one' },
    () => computations()?.size ?? 0,
  )
  figures.listen({
    ended(outcome, duration) {
      jobs.add({ outcome })
      seconds.observe(duration, { outcome })
    },
    heard: (event) => {
      if (event.type === 'transformation:complete') {
        transformations.observe((event.data.durationMs ?? 0) / 1000, { name: event.data.name })
      } else if (event.type === 'source:complete') {
        sources.add({ outcome: 'complete' })
        rules.add({}, event.data.ruleCount ?? 0)
      } else if (event.type === 'source:error') {
        sources.add({ outcome: 'error' })
      } else if (event.type === 'network') {
        requests.add({ status: String(event.data.statusCode ?? 'none') })
        bytes.add({}, event.data.responseSize ?? 0)
      } else if (event.type === 'cache') {
        cache.add({ operation: event.data.operation })
      }
    },
  })
}
