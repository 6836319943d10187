import { fillFromMatch } from '../import/index.js'
import type { RowOutcome } from '../import/index.js'
import type { Enricher } from '../providers/index.js'

/**
 * Asks the providers for the books of a batch that the catalog does not know. Only editions with an ISBN are asked for: a guess at a title by
 * somebody far away would cost the import more than it gives. The outcomes come in the order of their rows, each as soon as those before it are known.
 *
 * @throws the signal's reason when it is aborted
 */
export async function* fillFromProviders(
  outcomes: readonly RowOutcome[],
  enricher: Enricher,
  signal: AbortSignal,
): AsyncGenerator<RowOutcome> {
  const open = enricher.providers.length <= 1 ? [] : outcomes.flatMap(openRow)
  // Those before the first question have nothing to wait for; without questions that is all of them.
  let told = open[0]?.index ?? outcomes.length
  yield* outcomes.slice(0, told)
  if (open.length === 0) return
  const filled = [...outcomes]
  const waiting = new Set(open.map(({ index }) => index))
  for await (const { index: asked, found, book, provider } of enricher.enrich(
    open.map(({ isbn }) => ({ isbn })),
    { signal },
  )) {
    const row = open[asked]
    if (row === undefined) continue
    if (found && book !== undefined) {
      const match = { how: 'isbn', ...(provider !== undefined && { provider }), confidence: 1 } as const
      filled[row.index] = { ...row.outcome, book: fillFromMatch(row.own, book, match) }
    }
    waiting.delete(row.index)
    const from = told
    while (told < filled.length && !waiting.has(told)) told++
    yield* filled.slice(from, told)
  }
  yield* filled.slice(told)
}

/** A row that the providers can be asked for: the catalog alone has been asked already. */
function openRow(outcome: RowOutcome, index: number) {
  const { book } = outcome
  if (book === undefined || book.isbn13 === null || book.match.how !== 'none') return []
  return [{ isbn: book.isbn13, index, outcome, own: book }]
}
