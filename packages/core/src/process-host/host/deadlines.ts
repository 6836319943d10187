interface Deadline {
  /** How many programs of the run count on it. */
  programs: number
  /** In milliseconds of this process's clock. */
  at: number
  timer: NodeJS.Timeout
}

/** When each run's lease is over. A run has one deadline, however many programs it starts. */
export class Deadlines {
  readonly #runs = new Map<string, Deadline>()
  readonly #onOver: (run: string) => void

  /** @param onOver called when a deadline passes */
  constructor(onOver: (run: string) => void) {
    this.#onOver = onOver
  }

  add(run: string, leaseMs: number): void {
    const known = this.#runs.get(run)
    if (known) known.programs += 1
    else this.#runs.set(run, { programs: 1, ...this.#arm(run, leaseMs) })
    if (known) this.extend(run, leaseMs)
  }

  /** Moves a deadline that has not passed: `leaseMs` from now. */
  extend(run: string, leaseMs: number): void {
    const known = this.#runs.get(run)
    if (!known || this.isOver(run)) return
    clearTimeout(known.timer)
    Object.assign(known, this.#arm(run, leaseMs))
  }

  /** Whether a run's lease is over. A lease that is over stays so: its epoch never comes back. */
  isOver(run: string): boolean {
    const known = this.#runs.get(run)
    return known !== undefined && performance.now() >= known.at
  }

  remove(run: string): void {
    const known = this.#runs.get(run)
    if (!known) return
    known.programs -= 1
    if (known.programs > 0) return
    clearTimeout(known.timer)
    this.#runs.delete(run)
  }

  #arm(run: string, leaseMs: number): { at: number; timer: NodeJS.Timeout } {
    return { at: performance.now() + leaseMs, timer: setTimeout(() => this.#onOver(run), leaseMs) }
  }
}
