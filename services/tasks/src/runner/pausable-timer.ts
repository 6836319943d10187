/** A time-out that stands still while a task is paused. */
export class PausableTimer {
  readonly #onOver: () => void
  #leftMs: number
  #startedAt: number | undefined
  #timer: NodeJS.Timeout | undefined

  /** Does not run before `resume`. */
  constructor(ms: number, onOver: () => void) {
    this.#leftMs = ms
    this.#onOver = onOver
  }

  /** How much of the time is left, in milliseconds. */
  get leftMs(): number {
    return this.#startedAt === undefined ? this.#leftMs : Math.max(0, this.#leftMs - (performance.now() - this.#startedAt))
  }

  resume(): void {
    if (this.#startedAt !== undefined) return
    this.#startedAt = performance.now()
    this.#timer = setTimeout(this.#onOver, this.#leftMs)
  }

  pause(): void {
    this.#leftMs = this.leftMs
    this.#startedAt = undefined
    clearTimeout(this.#timer)
  }
}
