import type { Stores } from '@headway/core'
import { afterAll, beforeAll } from 'vitest'

/** A store under test, and what the suite needs to do to it. */
export interface StoreFixture {
  /** The stores as they are now: others after `reopen`. */
  readonly stores: Stores
  /** Moves the store's clock forward. */
  advance(ms: number): Promise<void>
  /** Ends the stores as a crash does, with nothing finished or said, and opens them on the same data. */
  reopen(): Promise<Stores>
  /** Closes the stores and removes their data. */
  close(): Promise<void>
}

/** Opens an empty store. */
export type OpenStore = () => Promise<StoreFixture>

/** Opens a store for the tests of one `describe`, and closes it after them. Tests share it, so each uses job types of its own. */
export function useStore(open: OpenStore): () => StoreFixture {
  let fixture: StoreFixture | undefined
  beforeAll(async () => {
    fixture = await open()
  })
  afterAll(async () => {
    await fixture?.close()
  })
  return () => {
    if (fixture === undefined) throw new Error('The store is not open: use it inside of a test.')
    return fixture
  }
}
