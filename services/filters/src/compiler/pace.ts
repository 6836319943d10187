import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CompileOptions } from './compile-options.js'

/** How long work goes on before it asks whether it may, in milliseconds. Well under the 50 ms that `pausePoint` is promised. */
const TURN_MS = 15

/** Lets a compilation be paused and cancelled, and others work in between. */
export class Pace {
  readonly #pausePoint: CompileOptions['pausePoint']
  readonly #signal: AbortSignal | undefined
  #since = performance.now()

  constructor(options: CompileOptions, signal: AbortSignal) {
    this.#pausePoint = options.pausePoint
    // Without anyone who could cancel there is no need to stop for it.
    this.#signal = options.signal === undefined ? undefined : signal
  }

  /** Runs steps to their end. Rejects with the signal's reason when it is aborted meanwhile. */
  async run<Result>(steps: Generator<undefined, Result, undefined>): Promise<Result> {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      await this.rest()
    }
  }

  /** To be awaited between pieces of work. */
  async rest(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return
    await this.#pausePoint?.()
    if (this.#signal !== undefined) {
      await nextTurn()
      this.#signal.throwIfAborted()
    }
    this.#since = performance.now()
  }
}
