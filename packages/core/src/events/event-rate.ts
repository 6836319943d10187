import type { Clock } from '../clock.js'

/** Over so many whole seconds before the one under way. */
const SECONDS = 5

/** How many events a second there were, lately. */
export class EventRate {
  readonly #clock: Pick<Clock, 'now'>
  /** By the second's number modulo their count: the one under way and those before it. */
  readonly #seconds = Array.from({ length: SECONDS + 1 }, () => ({ second: 0, events: 0 }))

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  add(events: number): void {
    const second = this.#second()
    const slot = this.#seconds[second % this.#seconds.length]
    if (slot === undefined) return
    if (slot.second !== second) {
      slot.second = second
      slot.events = 0
    }
    slot.events += events
  }

  get perSecond(): number {
    const now = this.#second()
    const lately = this.#seconds.filter(({ second }) => second < now && second >= now - SECONDS)
    return lately.reduce((sum, { events }) => sum + events, 0) / SECONDS
  }

  #second(): number {
    return Math.floor(this.#clock.now() / 1000)
  }
}
