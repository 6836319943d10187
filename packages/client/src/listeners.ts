/** Those who are told of something. */
export interface Listeners<Args extends readonly unknown[]> {
  /** @returns what ends it */
  add(listener: (...args: Args) => void): () => void
  tell(...args: Args): void
  readonly size: number
}

/** One that throws does not keep the others from being told: its error is thrown where nobody else is hurt. */
export function createListeners<Args extends readonly unknown[]>(): Listeners<Args> {
  // In an object of its own each time: the same function may be added twice.
  const all = new Set<{ readonly listener: (...args: Args) => void }>()
  return {
    add(listener) {
      const entry = { listener }
      all.add(entry)
      return () => void all.delete(entry)
    },
    tell(...args) {
      for (const { listener } of all) {
        try {
          listener(...args)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
    get size() {
      return all.size
    },
  }
}
