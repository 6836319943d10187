import { performance } from 'node:perf_hooks'
import { StoreError } from '../errors.js'

/** A time in which the store failed. */
export interface StoreSpell {
  /** How long it was, in milliseconds. */
  readonly ms: number
  /** How many calls failed meanwhile, of those that nobody waits for. */
  readonly failures: number
}

export interface StoreTroubleOptions {
  readonly onError: (error: unknown, doing: string) => void
  readonly onWell: (spell: StoreSpell) => void
}

/**
 * Tells of trouble with the store once for each spell: while it is away, every claim, sweep and read of every job fails, and one line says as
 * much as thousands. What is not the store's is told each time.
 */
export class StoreTrouble {
  readonly #options: StoreTroubleOptions
  #since: number | undefined
  #failures = 0

  constructor(options: StoreTroubleOptions) {
    this.#options = options
  }

  failed(error: unknown, doing: string): void {
    if (error instanceof StoreError) {
      this.#failures += 1
      if (this.#since !== undefined) return
      this.#since = performance.now()
    }
    this.#options.onError(error, doing)
  }

  /** Call when the store has done what it was asked for, a write among it. */
  well(): void {
    if (this.#since === undefined) return
    const spell = { ms: performance.now() - this.#since, failures: this.#failures }
    this.#since = undefined
    this.#failures = 0
    this.#options.onWell(spell)
  }
}
