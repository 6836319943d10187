import type { Seq } from '@headway/protocol'
import type { LogEvent } from './log-event.js'

const NOTHING: readonly LogEvent[] = Object.freeze([])

/** One watcher among those that wait for a change. */
export interface Waiter {
  /** It waits no more. */
  stopped: boolean
  wake: () => void
}

/**
 * The newest events of one job, shared by its watchers at this node: a ring bounded in bytes. It only ever takes what is
 * committed and follows on what it has; a watcher whose cursor is not in it reads from the store.
 */
export class Tail {
  readonly #limits: { readonly ringBytes: () => number; readonly sliceBytes: number }
  #events: LogEvent[] = []
  /** Index of the oldest event that counts; what is before it is dropped now and then, in one go. */
  #start = 0
  #bytes = 0
  #head: Seq | undefined
  #closed = false
  #version = 0
  /** Whether the waiters are about to be woken. */
  #waking = false
  readonly #waiters = new Set<Waiter>()
  /** Slices by cursor, so that watchers that are equally far share one array. Valid until the next change. */
  readonly #slices = new Map<Seq, readonly LogEvent[]>()

  /** @param limits `ringBytes`: what the ring may hold now; `sliceBytes`: what one slice may hold, unless one event is larger */
  constructor(limits: { readonly ringBytes: () => number; readonly sliceBytes: number }) {
    this.#limits = limits
  }

  /** The last seq that this tail knows of; undefined before it knows any. */
  get head(): Seq | undefined {
    return this.#head
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Grows with every change. Read it before looking for events, and give it to `changed` when there were none. */
  get version(): number {
    return this.#version
  }

  /** Tells an empty tail where the log stands, as a read of the store found it. One that knows more stays as it is. */
  seed(head: Seq, closed: boolean): void {
    if (this.#head !== undefined) return
    this.#head = head
    this.#closed = closed
  }

  /**
   * Takes committed events. What it has already is skipped; after a gap it takes nothing and answers false: somebody
   * must read from the store.
   */
  accept(events: readonly LogEvent[], closed: boolean): boolean {
    const first = events[0]
    const last = events.at(-1)
    if (first === undefined || last === undefined) {
      this.#closed ||= closed
      this.touch()
      return true
    }
    const head = this.#head ?? first.seq - 1
    if (first.seq > head + 1) return false
    if (last.seq > head) {
      for (const event of events) {
        if (event.seq <= head) continue
        this.#events.push(event)
        this.#bytes += event.bytes
      }
      this.#head = last.seq
      this.#trim()
    }
    this.#closed ||= closed
    this.touch()
    return true
  }

  /**
   * Wakes everyone: something happened that they should look for. At the end of this turn of the event loop: the job that wrote goes on first,
   * so that its next commit is under way while a thousand watchers are written to.
   */
  touch(): void {
    this.#version += 1
    this.#slices.clear()
    if (this.#waking || this.#waiters.size === 0) return
    this.#waking = true
    setImmediate(() => {
      this.#waking = false
      const waiters = [...this.#waiters]
      this.#waiters.clear()
      for (const waiter of waiters) waiter.wake()
    })
  }

  /**
   * The events after a cursor: shared, so not to be changed. An empty array: the cursor is at the head.
   * Undefined: this tail can't tell, ask the store.
   */
  slice(after: Seq): readonly LogEvent[] | undefined {
    if (this.#head === undefined || after > this.#head) return undefined
    if (after === this.#head) return NOTHING
    const known = this.#slices.get(after)
    if (known !== undefined) return known
    const oldest = this.#events[this.#start]
    if (oldest === undefined || after + 1 < oldest.seq) return undefined
    const from = this.#start + (after + 1 - oldest.seq)
    let to = from
    let bytes = 0
    while (to < this.#events.length) {
      bytes += this.#events[to]?.bytes ?? 0
      if (bytes > this.#limits.sliceBytes && to > from) break
      to += 1
    }
    const slice = this.#events.slice(from, to)
    this.#slices.set(after, slice)
    return slice
  }

  /** Resolves when the version is no longer `seen`, or when `forget` is called. */
  changed(seen: number, waiter: Waiter): Promise<void> {
    if (this.#version !== seen || waiter.stopped) return Promise.resolve()
    return new Promise((resolve) => {
      waiter.wake = resolve
      this.#waiters.add(waiter)
    })
  }

  /** Wakes a watcher that is told to stop. */
  forget(waiter: Waiter): void {
    waiter.stopped = true
    this.#waiters.delete(waiter)
    waiter.wake()
  }

  #trim(): void {
    const limit = this.#limits.ringBytes()
    while (this.#bytes > limit && this.#start < this.#events.length - 1) {
      this.#bytes -= this.#events[this.#start]?.bytes ?? 0
      this.#start += 1
    }
    if (this.#start > 1024 && this.#start * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#start)
      this.#start = 0
    }
  }
}
