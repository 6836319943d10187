/** How long a slice of work may take, in milliseconds: what is left of a frame is for the page. */
const SLICE_MS = 6

/** With more events than this waiting, all are taken at once: what comes in must not grow without bound. */
const MAX_WAITING = 100_000

/** When the next slice is done; the page's is the next frame, or a little later where it is hidden. */
export type Schedule = (slice: () => void) => () => void

/** Takes items in slices, so that thousands of them a second leave the page alive. */
export class SliceQueue<T> {
  readonly #take: (item: T) => void
  readonly #done: () => void
  readonly #schedule: Schedule
  #batches: (readonly T[])[] = []
  #place = 0
  #waiting = 0
  #cancel: (() => void) | undefined

  /** @param done called after each slice in which something was taken */
  constructor(take: (item: T) => void, done: () => void, schedule: Schedule) {
    this.#take = take
    this.#done = done
    this.#schedule = schedule
  }

  /** How many items wait. */
  get waiting(): number {
    return this.#waiting
  }

  push(items: readonly T[]): void {
    if (items.length === 0) return
    this.#batches.push(items)
    this.#waiting += items.length
    if (this.#waiting > MAX_WAITING) this.#slice(Infinity)
    else this.#cancel ??= this.#schedule(() => this.#slice(SLICE_MS))
  }

  /** Drops what waits. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#batches = []
    this.#place = 0
    this.#waiting = 0
  }

  #slice(budgetMs: number): void {
    this.#cancel?.()
    this.#cancel = undefined
    const until = performance.now() + budgetMs
    let taken = 0
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      while (this.#place < batch.length) {
        this.#take(batch[this.#place] as T)
        this.#place += 1
        taken += 1
        // The clock is asked now and then only: it costs as much as an event.
        if (taken % 64 === 0 && performance.now() >= until) break
      }
      if (this.#place < batch.length) break
      this.#batches.shift()
      this.#place = 0
    }
    this.#waiting -= taken
    if (this.#waiting > 0) this.#cancel = this.#schedule(() => this.#slice(SLICE_MS))
    this.#done()
  }
}

/** The next frame; in a hidden page, which has none, a little later. */
export const nextFrame: Schedule = (slice) => {
  if (document.hidden) {
    const timer = setTimeout(slice, 100)
    return () => clearTimeout(timer)
  }
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    cancel()
    slice()
  }
  const frame = requestAnimationFrame(once)
  // A page that is hidden in between gets no frame any more.
  const timer = setTimeout(once, 250)
  const cancel = (): void => {
    done = true
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  return cancel
}
