/** The time that all patterns of one compilation that need backtracking may take together. */
export class BacktrackingBudget {
  readonly totalMs: number
  #leftMs: number
  #turn: Promise<void> = Promise.resolve()

  constructor(totalMs: number) {
    this.totalMs = totalMs
    this.#leftMs = totalMs
  }

  /** Milliseconds that are left; not more than 0 when it is used up. */
  get leftMs(): number {
    return this.#leftMs
  }

  spend(milliseconds: number): void {
    this.#leftMs -= milliseconds
  }

  /** Runs what spends it, one after the other: nobody spends what another has spent already. */
  alone(work: () => Promise<void>): Promise<void> {
    const run = this.#turn.then(work)
    this.#turn = run.catch(() => undefined)
    return run
  }
}
