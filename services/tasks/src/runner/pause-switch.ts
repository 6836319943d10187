/** What must stand still while a task is paused. */
export interface Pausable {
  pause(): void
  resume(): void
}

/** Passes a task's pauses on to whatever runs at the time. */
export class PauseSwitch {
  readonly #parts = new Set<Pausable>()
  #paused = false

  set(paused: boolean): void {
    this.#paused = paused
    for (const part of this.#parts) {
      if (paused) part.pause()
      else part.resume()
    }
  }

  /** Pauses this part with the task until the answer is called; begins with the state that the task has now. */
  during(part: Pausable): () => void {
    this.#parts.add(part)
    if (this.#paused) part.pause()
    else part.resume()
    return () => void this.#parts.delete(part)
  }
}
