import type { Load, Loaded } from '../compiler/index.js'

/** What was loaded, with the SHA-256 of its content. */
export interface NotedLoad {
  readonly source: string
  readonly sha256: string
}

/** Loads for one compilation: remembers what the content was, and hands over what was loaded ahead. */
export class NotedLoads {
  readonly #load: Load
  readonly #ahead = new Map<string, Promise<Loaded>>()
  readonly #noted = new Map<string, string>()
  #incomplete = false

  constructor(load: Load) {
    this.#load = load
  }

  /** Everything that was loaded so far. */
  get noted(): readonly NotedLoad[] {
    return [...this.#noted].map(([source, sha256]) => ({ source, sha256 }))
  }

  /** Whether something failed, or had its last good copy in its place: such a result is not one for the next request. */
  get incomplete(): boolean {
    return this.#incomplete
  }

  /** Loads what the compilation may ask for later. The bytes stay in memory until then. */
  ahead(source: string, context: Parameters<Load>[1]): Promise<Loaded> {
    const loading = this.#noting(source, context)
    this.#ahead.set(source, loading)
    // Whoever asks for it later hears of a failure.
    loading.catch(() => undefined)
    return loading
  }

  readonly load: Load = (source, context) => {
    const ready = this.#ahead.get(source)
    this.#ahead.delete(source)
    return ready ?? this.#noting(source, context)
  }

  async #noting(source: string, context: Parameters<Load>[1]): Promise<Loaded> {
    try {
      const loaded = await this.#load(source, context)
      this.#noted.set(source, loaded.sha256)
      if (loaded.stale === true) this.#incomplete = true
      return loaded
    } catch (error) {
      this.#incomplete = true
      throw error
    }
  }
}
