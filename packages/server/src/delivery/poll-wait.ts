import { setMaxListeners } from 'node:events'
import type { JobId, Seq } from '@headway/protocol'
import type { Delivery } from './delivery.js'
import { assertAdmitted } from './watchers.js'
import type { Watcher } from './watchers.js'

/** A log and how much of it is known. */
export interface KnownLog {
  readonly id: JobId
  readonly after: Seq
}

/** A poll that waits for news of jobs. It counts as a watcher while it waits. */
export class PollWait implements Watcher {
  readonly transport = 'poll'
  readonly #delivery: Delivery
  readonly #logs: readonly KnownLog[]
  readonly #controller = new AbortController()

  constructor(delivery: Delivery, logs: readonly KnownLog[]) {
    this.#delivery = delivery
    this.#logs = logs
  }

  /**
   * Waits for an event after one of the cursors, at most `ms` milliseconds, or until the client or the server leaves. False: there
   * was none.
   *
   * @param others resolves when there is other news to tell
   * @throws HeadwayError OVERLOADED, SHUTTING_DOWN
   */
  async news(ms: number, signal: AbortSignal, others?: Promise<unknown>): Promise<boolean> {
    const { watchers } = this.#delivery
    assertAdmitted(this.#delivery)
    if (signal.aborted || ms <= 0) return false
    const stop = (): void => this.destroy()
    const timer = setTimeout(stop, ms)
    signal.addEventListener('abort', stop, { once: true })
    // One for each log.
    setMaxListeners(0, this.#controller.signal)
    const stopped = new Promise<boolean>((resolve) => {
      this.#controller.signal.addEventListener('abort', () => resolve(false), { once: true })
    })
    watchers.add(this)
    try {
      return await Promise.race([stopped, ...this.#logs.map((log) => this.#newsOf(log)), ...(others ? [others.then(() => true)] : [])])
    } catch (error) {
      if (this.#controller.signal.aborted) return false
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      watchers.delete(this)
      // The others of several.
      this.#controller.abort()
    }
  }

  async #newsOf({ id, after }: KnownLog): Promise<boolean> {
    const { signal } = this.#controller
    // One step is enough; what came is read as a page.
    for await (const _ of this.#delivery.engine.follow(id, { after, signal })) return true
    return !signal.aborted
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
