/**
 * Whether a run is paused. Work that can wait does so at `wait`; work that can't is told through listeners,
 * and counts as paused at once.
 */
export class PauseGate {
  readonly #listeners = new Set<(paused: boolean) => void>()
  readonly #askedListeners = new Set<(asked: boolean) => void>()
  readonly #onPaused: (why: string | undefined) => void
  #asked = false
  #why: string | undefined
  #paused = false
  readonly #open: (() => void)[] = []

  /** @param onPaused called each time when the work really rests */
  constructor(onPaused: (why: string | undefined) => void) {
    this.#onPaused = onPaused
  }

  /** Whether a pause was asked for and not taken back. */
  get asked(): boolean {
    return this.#asked
  }

  /** Whether the work rests. */
  get paused(): boolean {
    return this.#paused
  }

  pause(why?: string): void {
    if (this.#asked) return
    this.#asked = true
    this.#why = why
    for (const listener of this.#askedListeners) listener(true)
    if (this.#listeners.size === 0) return
    for (const listener of this.#listeners) listener(true)
    this.#rest()
  }

  /** Lets the work go on. Answers whether it had rested. */
  resume(): boolean {
    const rested = this.#paused
    this.#asked = false
    this.#paused = false
    for (const listener of this.#askedListeners) listener(false)
    for (const listener of this.#listeners) if (rested) listener(false)
    for (const open of this.#open.splice(0)) open()
    return rested
  }

  /** Resolves at once, or, while a pause is asked for, when it is over or the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    while (this.#asked && !signal.aborted) {
      this.#rest()
      await new Promise<void>((resolve) => {
        this.#open.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  listen(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener)
    if (this.#asked) {
      listener(true)
      this.#rest()
    }
    return () => this.#listeners.delete(listener)
  }

  /** Tells when a pause is asked for and when that is over, for work that will come to `wait` by itself. */
  watchAsked(listener: (asked: boolean) => void): () => void {
    this.#askedListeners.add(listener)
    if (this.#asked) listener(true)
    return () => this.#askedListeners.delete(listener)
  }

  #rest(): void {
    if (this.#paused) return
    this.#paused = true
    this.#onPaused(this.#why)
  }
}
