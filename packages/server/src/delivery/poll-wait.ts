import type { JobId, Seq } from '@headway/protocol'
import type { Delivery } from './delivery.js'
import { assertAdmitted } from './watchers.js'
import type { Watcher } from './watchers.js'

/** A poll that waits for news of one job. It counts as a watcher while it waits. */
export class PollWait implements Watcher {
  readonly transport = 'poll'
  readonly #delivery: Delivery
  readonly #id: JobId
  readonly #after: Seq
  readonly #controller = new AbortController()

  constructor(delivery: Delivery, id: JobId, after: Seq) {
    this.#delivery = delivery
    this.#id = id
    this.#after = after
  }

  /**
   * Waits for an event after the cursor, at most `ms` milliseconds, or until the client or the server leaves. False: there
   * was none.
   *
   * @throws HeadwayError OVERLOADED, SHUTTING_DOWN
   */
  async news(ms: number, signal: AbortSignal): Promise<boolean> {
    const { engine, watchers } = this.#delivery
    assertAdmitted(this.#delivery)
    if (signal.aborted || ms <= 0) return false
    const stop = (): void => this.destroy()
    const timer = setTimeout(stop, ms)
    signal.addEventListener('abort', stop, { once: true })
    watchers.add(this)
    try {
      // One step is enough; what came is read as a page.
      for await (const _ of engine.follow(this.#id, { after: this.#after, signal: this.#controller.signal })) return true
      return !this.#controller.signal.aborted
    } catch (error) {
      if (this.#controller.signal.aborted) return false
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      watchers.delete(this)
    }
  }

  tick(): void {
    // A waiting poll says nothing before its answer.
  }

  leave(): void {
    this.destroy()
  }

  destroy(): void {
    this.#controller.abort()
  }
}
