import { fillFromMatch } from '../import/index.js'
import type { RowOutcome } from '../import/index.js'
import type { Enricher } from '../providers/index.js'

/**
 * Asks the providers for the books of a batch that the catalog does not know. Only editions with an ISBN are asked for: a guess at a title by
 * somebody far away would cost the import more than it gives.
 */
export async function fillFromProviders(
  outcomes: readonly RowOutcome[],
  enricher: Enricher,
  signal: AbortSignal,
): Promise<readonly RowOutcome[]> {
  // The catalog alone has been asked already.
  if (enricher.providers.length <= 1) return outcomes
  const open = outcomes.flatMap((outcome, index) => {
    const { book } = outcome
    return book === undefined || book.isbn13 === null || book.match.how !== 'none' ? [] : [{ isbn: book.isbn13, index, outcome, own: book }]
  })
  if (open.length === 0) return outcomes
  const filled = [...outcomes]
  const queries = open.map(({ isbn }) => ({ isbn }))
  for await (const { index: asked, found, book, provider } of enricher.enrich(queries, { signal })) {
    const row = open[asked]
    if (!found || book === undefined || row === undefined) continue
    const match = { how: 'isbn', ...(provider !== undefined && { provider }), confidence: 1 } as const
    filled[row.index] = { ...row.outcome, book: fillFromMatch(row.own, book, match) }
  }
  return filled
}
