import type { Load, Loaded } from '../compiler/index.js'
import type { Checked } from '../download/index.js'
import type { Sources } from './sources.js'

/** What was loaded, with the SHA-256 of its content. */
export interface NotedLoad {
  readonly source: string
  readonly sha256: string
}

/** Loads for one compilation: remembers what the content was, and what was found out about it before. */
export class NotedLoads {
  readonly #sources: Sources
  readonly #owner: string
  readonly #checks = new Map<string, Promise<Checked>>()
  readonly #noted = new Map<string, string>()
  #incomplete = false

  /** @param owner for the downloader, see `DownloadContext` */
  constructor(sources: Sources, owner: string) {
    this.#sources = sources
    this.#owner = owner
  }

  /** Everything that was loaded so far. */
  get noted(): readonly NotedLoad[] {
    return [...this.#noted].map(([source, sha256]) => ({ source, sha256 }))
  }

  /** Whether something failed, or had its last good copy in its place: such a result is not one for the next request. */
  get incomplete(): boolean {
    return this.#incomplete
  }

  /**
   * Finds out, once, what the content is that the compilation may ask for later. Its bytes do not stay in memory: they are in the downloader's cache,
   * and there the compilation gets them, without asking the server again.
   */
  check(source: string, context: Parameters<Load>[1]): Promise<Checked> {
    const known = this.#checks.get(source)
    if (known !== undefined) return known
    const checking = this.#sources.check(source, { ...context, owner: this.#owner })
    this.#checks.set(source, checking)
    // Whoever asks for it later hears of a failure.
    checking.catch(() => undefined)
    return checking
  }

  readonly load: Load = async (source, context) => {
    const checking = this.#checks.get(source)
    this.#checks.delete(source)
    try {
      const loaded = await this.#load(source, context, await checking)
      this.#noted.set(source, loaded.sha256)
      if (loaded.stale === true) this.#incomplete = true
      return loaded
    } catch (error) {
      this.#incomplete = true
      throw error
    }
  }

  async #load(source: string, context: Parameters<Load>[1], checked: Checked | undefined): Promise<Loaded> {
    const loaded = await this.#sources.load(source, {
      ...context,
      owner: this.#owner,
      ...(checked !== undefined && { checked: checked.sha256 }),
    })
    return checked?.stale === true && loaded.sha256 === checked.sha256 ? { ...loaded, stale: true } : loaded
  }
}
