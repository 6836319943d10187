/** Counts things under a key until their time is over. `KeyValueStore` is one that all nodes share. */
export interface Counter {
  increment(
    key: string,
    by: number,
    options: { readonly ttlMs: number },
  ): Promise<{ readonly value: number; readonly expiresAt: number | undefined }>
}

/**
 * Counts in this process, under at most `maxKeys` keys: when more come, the one that began first is forgotten, so that an attacker with
 * many addresses costs bounded memory.
 */
export class MemoryCounter implements Counter {
  readonly #maxKeys: number
  /** In order of beginning. */
  readonly #entries = new Map<string, { value: number; expiresAt: number }>()

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  increment(key: string, by: number, options: { readonly ttlMs: number }): Promise<{ value: number; expiresAt: number }> {
    const now = Date.now()
    let entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAt <= now) {
      this.#entries.delete(key)
      this.#forget(now)
      entry = { value: 0, expiresAt: now + options.ttlMs }
      this.#entries.set(key, entry)
    }
    entry.value += by
    return Promise.resolve({ value: entry.value, expiresAt: entry.expiresAt })
  }

  #forget(now: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.expiresAt > now && this.#entries.size < this.#maxKeys) return
      this.#entries.delete(key)
    }
  }
}
