import type { BlobStore } from './blob-store.js'
import type { JobStore } from './job-store.js'
import type { KeyValueStore } from './key-value-store.js'
import type { StoreTransfer } from './transfer.js'

/** The databases that Headway can keep its data in. */
export const STORE_KINDS = ['sqlite', 'postgres'] as const
export type StoreKind = (typeof STORE_KINDS)[number]

/** What a store says of how it works now, for operators. A member is absent where there is nothing to tell. */
export interface StoreFacts {
  /** How news from other nodes comes: it is told at once, or found by looking now and then. */
  readonly notifications?: 'listening' | 'polling'
  /**
   * Where a write is when it counts as done, which is what it survives. `standby`: on a standby, too, so that a failover keeps it; `disk`: on the
   * disk of the database, so that a failover to a standby may lose the last ones; `memory`: a crash of the database may lose the last ones.
   */
  readonly durability?: 'standby' | 'disk' | 'memory'
}

/** All that a database gives to an engine. */
export interface Stores {
  readonly jobs: JobStore
  readonly keyValues: KeyValueStore
  readonly blobs: BlobStore
  readonly kind: StoreKind
  /** Moves everything to or from another store. Both of Headway's have it. */
  readonly transfer?: StoreTransfer
  /** Resolves when the store can read and write; throws a StoreError that says why not. */
  check(): Promise<StoreFacts>
  /** Finishes what is under way and lets go of everything. Later calls throw StoreError `closed`. */
  close(): Promise<void>
}
