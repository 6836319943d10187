import type { BookQuery } from '../book.js'
import type { TitleQuery } from '../catalog/catalog.js'
import type { Provider, ProviderAnswer } from './provider.js'
import { ProviderError } from './provider-error.js'

/** How a provider is asked for each kind of query. */
interface Kinds {
  readonly byIsbn: (isbns: readonly string[], signal: AbortSignal) => Promise<readonly ProviderAnswer[]>
  readonly byTitle: (query: TitleQuery, signal: AbortSignal) => Promise<ProviderAnswer>
}

/** What a provider has that answers both kinds of query over the network. */
export function lookUpsOf(
  client: { close(): Promise<void> },
  { byIsbn, byTitle }: Kinds,
): Required<Pick<Provider, 'byTitle' | 'lookUp' | 'close'>> {
  return {
    byTitle: true,
    async lookUp(queries: readonly BookQuery[], signal) {
      const isbns = queries.flatMap((query) => ('isbn' in query ? [query.isbn] : []))
      if (isbns.length === queries.length) return byIsbn(isbns, signal)
      if (isbns.length > 0)
        throw new ProviderError('API_ERROR', 'A call has queries of one kind.', { retry: 'never', providerFault: false })
      return Promise.all(queries.flatMap((query) => ('isbn' in query ? [] : [byTitle(query, signal)])))
    },
    close: () => client.close(),
  }
}
