/** How much one turn of the event loop takes on: about two milliseconds of it. In bytes. */
const TURN_BYTES = 128 * 1024

interface Caller {
  readonly bytes: number
  enter(): void
}

/**
 * Shares out the event loop among jobs that write much. When many appends are answered at once, each job goes on to write more, all in the same
 * turn of the loop, and streams and requests would wait for all of them: so only some go on at once, and the others in the turns after.
 */
export class Turns {
  #left = TURN_BYTES
  readonly #waiting: Caller[] = []
  #scheduled = false

  /** Undefined: go on. Else it resolves when it is the caller's turn, first come, first served. */
  take(bytes: number): Promise<void> | undefined {
    this.#schedule()
    if (this.#left > 0 && this.#waiting.length === 0) {
      this.#left -= bytes
      return undefined
    }
    return new Promise((resolve) => this.#waiting.push({ bytes, enter: resolve }))
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#next())
  }

  #next(): void {
    this.#scheduled = false
    this.#left = TURN_BYTES
    let count = 0
    while (this.#left > 0 && count < this.#waiting.length) this.#left -= this.#waiting[count++]?.bytes ?? 0
    if (count === 0) return
    this.#schedule()
    for (const { enter } of this.#waiting.splice(0, count)) enter()
  }
}
