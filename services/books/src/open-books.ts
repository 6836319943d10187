import type { KeyValueStore } from '@headway/core'
import { CatalogThread } from './catalog/index.js'
import type { Library } from './library.js'
import type { BooksServiceOptions } from './options.js'
import {
  createCatalogProvider,
  createEnricher,
  createGoogleBooksProvider,
  createGoogleEmbeddings,
  createIsbndbProvider,
  createOpenAiEmbeddings,
  createOpenLibraryProvider,
} from './providers/index.js'
import type { EmbeddingProvider, Provider } from './providers/index.js'

/** A library that is open, and how it is closed. */
export interface OpenedLibrary extends Library {
  close(): Promise<void>
}

/** Opens the catalog, and the ways to the providers that the options name. @throws CatalogError */
export async function openLibrary(
  { catalogPath, providers = {}, embeddings: given }: Pick<BooksServiceOptions, 'catalogPath' | 'providers' | 'embeddings'>,
  keyValues: KeyValueStore,
): Promise<OpenedLibrary> {
  const catalog = await CatalogThread.open(catalogPath)
  const { openLibrary: openLibraryOptions, isbndb, googleBooks, settings } = providers
  const asked: Provider[] = [createCatalogProvider(catalog)]
  if (openLibraryOptions !== undefined) asked.push(createOpenLibraryProvider(openLibraryOptions))
  if (isbndb !== undefined) asked.push(createIsbndbProvider(isbndb))
  if (googleBooks !== undefined) asked.push(createGoogleBooksProvider(googleBooks))
  const enricher = createEnricher({
    providers: asked,
    cache: keyValues,
    breakers: keyValues,
    ...(settings !== undefined && { settings }),
  })
  const embeddings = embeddingsOf(given)
  return {
    catalog,
    enricher,
    ...(embeddings !== undefined && { embeddings }),
    async close() {
      await enricher.close()
      await embeddings?.close()
      await catalog.close()
    },
  }
}

function embeddingsOf(given: BooksServiceOptions['embeddings']): EmbeddingProvider | undefined {
  if (given === undefined) return undefined
  return 'openAi' in given ? createOpenAiEmbeddings(given.openAi) : createGoogleEmbeddings(given.google)
}
