/** So many points a rate has; when there are more, each stands for twice the time. */
const MAX_POINTS = 1800

/** How many events and lines came in each second, or in each few seconds of a long job. */
export class Rate {
  #from: number | undefined
  #widthMs = 1000
  #lines: number[] = []
  #events: number[] = []

  /** How long the time is that a point stands for, in milliseconds. */
  get widthMs(): number {
    return this.#widthMs
  }

  take(at: number, lines: number): void {
    this.#from ??= Math.floor(at / 1000) * 1000
    // Times are not what orders a log: a clock that was put back counts for the moment before.
    let index = Math.max(0, Math.floor((at - this.#from) / this.#widthMs))
    while (index >= MAX_POINTS) {
      this.#lines = halved(this.#lines)
      this.#events = halved(this.#events)
      this.#widthMs *= 2
      index = Math.floor((at - this.#from) / this.#widthMs)
    }
    while (this.#events.length <= index) {
      this.#lines.push(0)
      this.#events.push(0)
    }
    this.#lines[index] = (this.#lines[index] ?? 0) + lines
    this.#events[index] = (this.#events[index] ?? 0) + 1
  }

  /** Times in seconds since 1970, and how many lines and events a second came then. @param until milliseconds since 1970 */
  points(until: number): { readonly times: number[]; readonly lines: number[]; readonly events: number[] } {
    const from = this.#from ?? until
    const count = Math.min(this.#events.length, Math.floor(Math.max(0, until - from) / this.#widthMs) + 1)
    const perSecond = 1000 / this.#widthMs
    return {
      times: Array.from({ length: count }, (_, index) => (from + index * this.#widthMs) / 1000),
      lines: this.#lines.slice(0, count).map((value) => value * perSecond),
      events: this.#events.slice(0, count).map((value) => value * perSecond),
    }
  }
}

function halved(values: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, index) => (values[2 * index] ?? 0) + (values[2 * index + 1] ?? 0))
}
