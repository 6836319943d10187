import type { Unsubscribe } from '@headway/core'
import type { JobId } from '@headway/protocol'

type Listener = (ids: readonly JobId[]) => void

/** Tells listeners of jobs with news: once for all that one commit brought, after its callers were answered. */
export class Wakes {
  readonly #listeners = new Set<Listener>()
  #ids = new Set<JobId>()

  subscribe(listener: Listener): Unsubscribe {
    // A function may be subscribed twice; each subscription ends by itself.
    const own: Listener = (ids) => listener(ids)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  add(id: JobId): void {
    if (this.#listeners.size === 0) return
    if (this.#ids.size === 0) setImmediate(() => this.#tell())
    this.#ids.add(id)
  }

  #tell(): void {
    const ids = [...this.#ids]
    this.#ids = new Set()
    for (const listener of this.#listeners) {
      try {
        listener(ids)
      } catch (error) {
        // A listener's mistake is not the store's: what was committed stays, and the other listeners are told.
        process.emitWarning(`A listener for news of jobs failed: ${String(error)}`, 'HeadwayWarning')
      }
    }
  }
}
