import type { AsyncCatalog } from './catalog/catalog.js'
import type { EmbeddingProvider, Enricher } from './providers/index.js'

/** What routes and jobs look books up in. */
export interface Library {
  readonly catalog: AsyncCatalog
  readonly enricher: Enricher
  /** Absent: the search by meaning is a ranked search of the text. */
  readonly embeddings?: EmbeddingProvider
}
