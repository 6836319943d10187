import type { Json } from '@headway/protocol'

export interface KeyValueEntry {
  readonly value: Json
  /** Grows with every change of this key. */
  readonly version: number
}

/** Small shared values: signing keys, API keys, caches, breakers, limits. Keys are at most 512 characters, values 1 MiB of JSON. */
export interface KeyValueStore {
  get(key: string): Promise<KeyValueEntry | undefined>
  /**
   * Stores a value, for `ttlMs` where given. With `ifVersion` only if the key still has that version (0: only
   * if it is not there). Gives the new version, or undefined when `ifVersion` did not hold.
   */
  set(key: string, value: Json, options?: { readonly ttlMs?: number; readonly ifVersion?: number }): Promise<number | undefined>
  /** Adds to a number (absent: 0), atomically, and gives the sum. `ttlMs` counts from the first call on an absent key. */
  increment(
    key: string,
    by: number,
    options?: { readonly ttlMs?: number },
  ): Promise<{ readonly value: number; readonly expiresAt: number | undefined }>
  delete(key: string): Promise<boolean>
  /** Keys that start with `prefix`, in order, at most `limit`. */
  keys(prefix: string, limit: number): Promise<readonly string[]>
}
