import { HeadwayError } from '@headway/core'
import type { DeliverySettings } from './settings.js'
import { comebackMs } from './settings.js'
import { TRANSPORTS } from './transports.js'
import type { Transport } from './transports.js'

/** A stream, a socket or a waiting poll. */
export interface Watcher {
  readonly transport: Transport
  /** Looks for silence. `now` is the registry's time, see `Watchers.now`. */
  tick(now: number): void
  /** Ends between two events and tells the client to come back after `retryMs`. */
  leave(retryMs: number): void
  /** Ends at once. */
  destroy(): void
}

/**
 * Who watches at this node: for the limit, for counts, for the heartbeats and for the drain. One timer serves all;
 * it runs while somebody watches, and never keeps the process alive.
 */
export class Watchers {
  /** Milliseconds since some moment, as of the last tick: cheap to read for every chunk. */
  now = 0
  readonly #settings: Pick<DeliverySettings, 'maxWatchers' | 'tickMs' | 'comebackMs'>
  readonly #open = new Set<Watcher>()
  #timer: NodeJS.Timeout | undefined
  #draining = false
  #empty: (() => void) | undefined

  constructor(settings: Pick<DeliverySettings, 'maxWatchers' | 'tickMs' | 'comebackMs'>) {
    this.#settings = settings
  }

  get size(): number {
    return this.#open.size
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Whether one more may watch: there is room and the server is not stopping. */
  get admits(): boolean {
    return !this.#draining && this.#open.size < this.#settings.maxWatchers
  }

  /** How many watch over each transport. */
  counts(): Readonly<Record<Transport, number>> {
    const counts = Object.fromEntries(TRANSPORTS.map((transport) => [transport, 0])) as Record<Transport, number>
    for (const watcher of this.#open) counts[watcher.transport] += 1
    return counts
  }

  add(watcher: Watcher): void {
    this.#open.add(watcher)
    if (this.#timer !== undefined) return
    this.now = Math.round(performance.now())
    this.#timer = setInterval(() => this.#tick(), this.#settings.tickMs)
    this.#timer.unref()
  }

  delete(watcher: Watcher): void {
    this.#open.delete(watcher)
    if (this.#open.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#empty?.()
  }

  /**
   * Ends every stream between two events, each told to come back at another moment, and admits no more. Resolves when all
   * have their last bytes; whoever does not take them within `graceMs` is cut off.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true
    if (this.#open.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#empty = resolve
    })
    const grace = setTimeout(() => {
      for (const watcher of this.#open) watcher.destroy()
    }, graceMs)
    for (const watcher of this.#open) watcher.leave(comebackMs(this.#settings))
    await empty
    clearTimeout(grace)
  }

  #tick(): void {
    this.now = Math.round(performance.now())
    for (const watcher of this.#open) watcher.tick(this.now)
  }
}

/** @throws HeadwayError SHUTTING_DOWN, OVERLOADED, with the seconds after which to try again */
export function assertAdmitted({ watchers, settings }: { readonly watchers: Watchers; readonly settings: DeliverySettings }): void {
  if (watchers.admits) return
  const retryAfterSeconds = Math.ceil(comebackMs(settings) / 1000)
  if (watchers.draining) throw new HeadwayError('SHUTTING_DOWN', 'The server is stopping; try again soon.', { retryAfterSeconds })
  throw new HeadwayError('OVERLOADED', `More than ${settings.maxWatchers} streams are open; try again soon.`, { retryAfterSeconds })
}
