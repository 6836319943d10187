import type { AsyncCatalog } from '../catalog/catalog.js'
import { CatalogError } from '../catalog/errors.js'
import type { BookQuery } from '../book.js'
import type { Provider, ProviderAnswer } from './provider.js'
import { ProviderError } from './provider-error.js'

/** Queries of one message to the catalog's thread. */
const BATCH_SIZE = 200
/** Matching takes longer than looking up: others get their turn in between. */
const TITLE_BATCH_SIZE = 20
/** Candidates of a title. */
const CANDIDATES = 5

/** The embedded catalog as a provider. It is asked first, and has no limits. */
export function createCatalogProvider(catalog: AsyncCatalog): Provider {
  return {
    name: 'alexandria',
    batchSize: BATCH_SIZE,
    titleBatchSize: TITLE_BATCH_SIZE,
    lingerMs: 0,
    byTitle: true,
    local: true,
    lookUp: (queries, signal) =>
      answersOf(catalog, queries, signal).catch((error: unknown) => {
        throw asProviderError(error)
      }),
  }
}

async function answersOf(catalog: AsyncCatalog, queries: readonly BookQuery[], signal: AbortSignal): Promise<ProviderAnswer[]> {
  const known = await catalog.byIsbn(queries.flatMap((query) => ('isbn' in query ? [query.isbn] : [])))
  return Promise.all(
    queries.map(async (query) => {
      signal.throwIfAborted()
      if (!('isbn' in query)) return { candidates: await catalog.match(query, CANDIDATES) }
      const book = known.get(query.isbn)
      return book === undefined ? {} : { book }
    }),
  )
}

/** It is busy for a moment only, and a thread that ended is started anew. Messages of the catalog may name its file. */
function asProviderError(error: unknown): unknown {
  if (!(error instanceof CatalogError)) return error
  const passes = error.code === 'CATALOG_BUSY' || error.code === 'CATALOG_UNAVAILABLE'
  const message = passes ? 'The catalog is busy.' : "The catalog can't be asked."
  return new ProviderError('API_ERROR', message, { retry: passes ? 'soon' : 'later', providerFault: false })
}
