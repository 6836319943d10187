/** How long a slice of work may take, in milliseconds: what is left of a frame is for the page. */
const SLICE_MS = 6

/** How long one may take in haste: slices follow one another then, and the page lives between them. */
const HASTE_MS = 10

/** How long one may take in a hidden page, which has few of them and nothing to draw. */
const HIDDEN_MS = 40

/** The clock is asked after so many items. */
const CLOCK_EVERY = 16

/** With more items than this waiting there is haste: what comes in must not grow without bound. */
const MAX_WAITING = 100_000

/**
 * When the next slice is done, and how many milliseconds it may take; the page's is the next frame, or a little later where it is hidden.
 *
 * @param isHasty it is to be as soon as may be
 * @returns what calls it off
 */
export type Schedule = (slice: (budgetMs: number) => void, isHasty: boolean) => () => void

/** Takes items in slices, so that thousands of them a second leave the page alive. */
export class SliceQueue<T> {
  readonly #take: (item: T) => void
  readonly #done: () => void
  readonly #schedule: Schedule
  #batches: (readonly T[])[] = []
  #place = 0
  #waiting = 0
  #cancel: (() => void) | undefined
  #isHasty = false

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
    if (this.#cancel === undefined || (this.#waiting > MAX_WAITING && !this.#isHasty)) this.#plan()
  }

  /** Drops what waits. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#batches = []
    this.#place = 0
    this.#waiting = 0
  }

  #plan(): void {
    this.#cancel?.()
    this.#isHasty = this.#waiting > MAX_WAITING
    this.#cancel = this.#schedule((budgetMs) => this.#slice(budgetMs), this.#isHasty)
  }

  #slice(budgetMs: number): void {
    this.#cancel = undefined
    const until = performance.now() + budgetMs
    let taken = 0
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      while (this.#place < batch.length) {
        this.#take(batch[this.#place] as T)
        this.#place += 1
        taken += 1
        // The clock costs something, and the first events of a page cost far more than those that follow.
        if (taken % CLOCK_EVERY === 0 && performance.now() >= until) break
      }
      if (this.#place < batch.length) break
      this.#batches.shift()
      this.#place = 0
    }
    this.#waiting -= taken
    if (this.#waiting > 0) this.#plan()
    this.#done()
  }
}

/** The next frame; in a hidden page, which has none, a little later; in haste the next task, which no browser puts off in a hidden page either. */
export const nextFrame: Schedule = (slice, isHasty) => {
  if (isHasty) return nextTask(() => slice(HASTE_MS))
  if (document.hidden) {
    const timer = setTimeout(() => slice(HIDDEN_MS), 100)
    return () => clearTimeout(timer)
  }
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    cancel()
    slice(document.hidden ? HIDDEN_MS : SLICE_MS)
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

function nextTask(work: () => void): () => void {
  const { port1, port2 } = new MessageChannel()
  const cancel = (): void => port1.close()
  port1.addEventListener('message', () => {
    cancel()
    work()
  })
  port1.start()
  port2.postMessage(null)
  return cancel
}
