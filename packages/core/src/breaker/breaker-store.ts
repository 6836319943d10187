/** A JSON value, as far as breakers need it. */
type State = { readonly [key: string]: number | boolean }

/**
 * Where the state of breakers is kept. A `KeyValueStore` fills it, so that breakers are shared between nodes and last across
 * restarts. `ifVersion` 0: only if the key is not there; the answer is undefined when it did not hold.
 */
export interface BreakerStore {
  get(key: string): Promise<{ readonly value: unknown; readonly version: number } | undefined>
  set(key: string, value: State, options: { readonly ttlMs: number; readonly ifVersion: number }): Promise<number | undefined>
  delete(key: string): Promise<boolean>
}

const MAX_BREAKERS = 10_000

/** Keeps breakers in memory: the 10,000 that changed last. */
export function createMemoryBreakerStore(now: () => number): BreakerStore {
  const kept = new Map<string, { value: State; version: number; until: number }>()
  const find = (key: string) => {
    const found = kept.get(key)
    if (found === undefined || found.until > now()) return found
    kept.delete(key)
    return undefined
  }
  return {
    get: (key) => Promise.resolve(find(key)),
    set(key, value, { ttlMs, ifVersion }) {
      const version = find(key)?.version ?? 0
      if (version !== ifVersion) return Promise.resolve(undefined)
      kept.delete(key)
      kept.set(key, { value, version: version + 1, until: now() + ttlMs })
      const [oldest] = kept.keys()
      if (kept.size > MAX_BREAKERS && oldest !== undefined) kept.delete(oldest)
      return Promise.resolve(version + 1)
    },
    delete: (key) => Promise.resolve(kept.delete(key)),
  }
}
