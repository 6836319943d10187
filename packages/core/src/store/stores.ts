import type { BlobStore } from './blob-store.js'
import type { JobStore } from './job-store.js'
import type { KeyValueStore } from './key-value-store.js'
import type { StoreTransfer } from './transfer.js'

/** The databases that Headway can keep its data in. */
export const STORE_KINDS = ['sqlite'] as const
export type StoreKind = (typeof STORE_KINDS)[number]

/** All that a database gives to an engine. */
export interface Stores {
  readonly jobs: JobStore
  readonly keyValues: KeyValueStore
  readonly blobs: BlobStore
  readonly kind: StoreKind
  /** Moves everything to or from another store. Both of Headway's have it. */
  readonly transfer?: StoreTransfer
  /** Resolves when the store can read and write; throws a StoreError that says why not. */
  check(): Promise<void>
  /** Finishes what is under way and lets go of everything. Later calls throw StoreError `closed`. */
  close(): Promise<void>
}
