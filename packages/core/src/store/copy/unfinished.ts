import type { Stores } from '../stores.js'
import { StoreError } from '../../errors.js'

/** The entry of a store that is being copied to. It goes once everything is there. */
export const UNFINISHED_KEY = 'store/unfinished-copy'

/**
 * For whoever opens a store to work with it.
 *
 * @throws StoreError `unavailable` where a copy to this store was begun and is not complete
 */
export async function assertNoUnfinishedCopy({ keyValues }: Pick<Stores, 'keyValues'>): Promise<void> {
  if ((await keyValues.get(UNFINISHED_KEY)) === undefined) return
  throw new StoreError(
    'unavailable',
    'This store holds a copy that is not complete. Give the same "headway store copy" again: it begins anew. Nothing else may use the store until then.',
  )
}
