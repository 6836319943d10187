import type { AsyncCatalog } from './catalog/catalog.js'
import type { EmbeddingProvider } from './providers/embeddings/embedding-provider.js'
import type { Enricher } from './providers/enricher.js'

/** What routes and jobs look books up in. */
export interface Library {
  readonly catalog: AsyncCatalog
  readonly enricher: Enricher
  /** Absent: the search by meaning is a ranked search of the text. */
  readonly embeddings?: EmbeddingProvider
}
