/** The tag of this service's routes. */
export const FILTERS_TAG = { name: 'Filters', description: 'Ad-block and hosts lists, compiled from several sources into one' }

export const PATHS = {
  compile: '/compile',
  stream: '/compile/stream',
  streamOf: '/compile/stream/{requestId}',
  ticket: '/compile/stream/{requestId}/ticket',
  batch: '/compile/batch',
  async: '/compile/async',
  batchAsync: '/compile/batch/async',
  results: '/queue/results/{requestId}',
  stats: '/queue/stats',
  cancel: '/queue/cancel/{requestId}',
  validate: '/validate',
} as const

/** Beginnings of the paths whose errors are this service's. */
export const ERROR_PATHS = ['/compile', '/queue', '/validate', '/ws/compile'] as const

/** A path of a compilation. */
export function pathOf(path: string, requestId: string): string {
  return path.replace('{requestId}', requestId)
}
