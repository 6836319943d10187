import type { BookQuery } from '../book.js'
import type { TitleQuery } from '../catalog/catalog.js'
import type { ProviderAnswer } from './provider.js'
import { ProviderError } from './provider-error.js'

/** A call has queries of one kind. */
export async function lookUpKinds(
  queries: readonly BookQuery[],
  byIsbn: (isbns: readonly string[]) => Promise<ProviderAnswer[]>,
  byTitle: (query: TitleQuery) => Promise<ProviderAnswer>,
): Promise<ProviderAnswer[]> {
  const isbns = queries.flatMap((query) => ('isbn' in query ? [query.isbn] : []))
  if (isbns.length === queries.length) return byIsbn(isbns)
  if (isbns.length > 0) throw new ProviderError('API_ERROR', 'A call has queries of one kind.', { retry: 'never', providerFault: false })
  return Promise.all(queries.flatMap((query) => ('isbn' in query ? [] : [byTitle(query)])))
}
