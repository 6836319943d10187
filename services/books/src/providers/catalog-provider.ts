import type { AsyncCatalog } from '../catalog/catalog.js'
import type { Provider } from './provider.js'

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
    async lookUp(queries, signal) {
      const known = await catalog.byIsbn(queries.flatMap((query) => ('isbn' in query ? [query.isbn] : [])))
      return Promise.all(
        queries.map(async (query) => {
          signal.throwIfAborted()
          if (!('isbn' in query)) return { candidates: await catalog.match(query, CANDIDATES) }
          const book = known.get(query.isbn)
          return book === undefined ? {} : { book }
        }),
      )
    },
  }
}
