/** The tag of this service's routes. */
export const BOOKS_TAG = {
  name: 'Books',
  description: "A reader's library: imported from CSV, enriched in batches, read off photos of a shelf",
}

export const PATHS = {
  // V1 and V2
  import: '/api/v2/imports',
  importStatus: '/api/v2/imports/{jobId}',
  importStream: '/api/v2/imports/{jobId}/stream',
  cancel: '/api/v2/jobs/{jobId}/cancel',
  scan: '/api/v2/scans',
  enrichment: '/v1/enrichment/batch',
  enrichmentAlias: '/api/batch-enrich',
  status: '/v1/jobs/{jobId}/status',
  searchIsbn: '/v1/search/isbn',
  searchTitle: '/v1/search/title',
  // V3
  capabilities: '/v3/capabilities',
  recommendations: '/v3/recommendations/weekly',
  search: '/v3/books/search',
  book: '/v3/books/{isbn}',
  enrich: '/v3/books/enrich',
  webhook: '/v3/webhooks/alexandria/enrichment-complete',
} as const

export const SOCKET_PATH = '/ws/progress'

/** Beginnings of the paths whose errors are this service's. */
export const ERROR_PATHS = ['/api/v2/imports', '/api/v2/jobs', '/api/v2/scans', '/api/batch-enrich', '/v1', '/v3', SOCKET_PATH] as const

/** Whether errors of a path are problem documents by their content type. */
export function isV3(path: string): boolean {
  return path === '/v3' || path.startsWith('/v3/')
}

/** A path of a job. */
export function pathOf(path: string, jobId: string): string {
  return path.replace('{jobId}', jobId)
}
