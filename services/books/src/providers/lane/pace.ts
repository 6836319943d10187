import type { Clock } from '@headway/core'

/** `Retry-After` is believed up to so much, in milliseconds: a provider that names next year would never be asked again. */
const LONGEST_HOLD_MS = 15 * 60_000

/** Calls are so much rarer than the limit allows: some come to the server later than others, and then two are nearer to each other there. */
const MARGIN = 1.03

/** When the next call may be made: evenly spaced as the limit wants it, and not before a `Retry-After` is over. */
export class Pace {
  readonly #clock: Clock
  readonly #intervalMs: number
  #nextAt = 0
  #sentAt = 0
  #heldUntil = 0

  /** @param perSecond undefined: no limit */
  constructor(clock: Clock, perSecond: number | undefined) {
    this.#clock = clock
    this.#intervalMs = perSecond === undefined ? 0 : Math.ceil((1000 / perSecond) * MARGIN)
  }

  /** How long until a call may be made, in milliseconds; 0: now. */
  get waitMs(): number {
    return Math.max(0, this.#nextAt - this.#clock.now(), this.heldMs)
  }

  /** How long the provider asks to be left alone yet, in milliseconds. */
  get heldMs(): number {
    return Math.max(0, this.#heldUntil - this.#clock.now())
  }

  /** A call is about to be made: the next one is not before its interval is over. */
  count(): void {
    this.#nextAt = this.#clock.now() + this.#intervalMs
  }

  /** Resolves when a call that was counted may be sent: calls that were held up on the way here do not go out together. */
  async space(): Promise<void> {
    for (let waitMs = this.#spacingMs; waitMs > 0; waitMs = this.#spacingMs) {
      await new Promise<void>((resolve) => void this.#clock.after(waitMs, resolve))
    }
    this.#sentAt = this.#clock.now()
    this.#nextAt = Math.max(this.#nextAt, this.#sentAt + this.#intervalMs)
  }

  get #spacingMs(): number {
    return Math.max(0, this.#sentAt + this.#intervalMs - this.#clock.now())
  }

  /** The call that was counted last was not made after all. */
  uncount(): void {
    this.#nextAt = this.#clock.now()
  }

  /** The provider asks to be left alone for so long. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.now() + Math.min(ms, LONGEST_HOLD_MS))
  }
}
