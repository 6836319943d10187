import type { BookQuery } from '../../book.js'
import type { ProviderAnswer } from '../provider.js'

/** One query that waits for a provider or is asked just now. */
export interface Item {
  readonly query: BookQuery
  /** Whose it is: owners take turns. */
  readonly owner: object
  /** Since when it waits, in milliseconds since the Unix epoch. */
  readonly since: number
  readonly resolve: (answer: ProviderAnswer) => void
  readonly reject: (error: unknown) => void
  /** Nobody waits for it any more. */
  gone: boolean
  /** Called when that happens, while it is asked. */
  onGone?: () => void
}

/** Queries of one kind go in one call. */
export type Kind = 'isbn' | 'title'

/** How a query names its book. */
export function kindOf(query: BookQuery): Kind {
  return 'isbn' in query ? 'isbn' : 'title'
}

/** Is aborted when nobody waits for any of these queries any more. */
export function abandonedWith(items: readonly Item[]): AbortController {
  const controller = new AbortController()
  let left = items.length
  for (const item of items) {
    item.onGone = () => {
      left -= 1
      if (left === 0) controller.abort(new Error('Nobody waits for these books any more.'))
    }
  }
  return controller
}
