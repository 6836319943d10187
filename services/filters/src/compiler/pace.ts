import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CompileOptions } from './compile-options.js'
import type { LinesDone } from './step-progress.js'

/** How long work goes on before it asks whether it may, in milliseconds. Well under the 50 ms that `pausePoint` is promised. */
const TURN_MS = 15

/** Lets a compilation be paused and stopped, and others work in between. */
export class Pace {
  readonly #pausePoint: CompileOptions['pausePoint']
  readonly #signal: AbortSignal
  #since = performance.now()

  constructor(pausePoint: CompileOptions['pausePoint'], signal: AbortSignal) {
    this.#pausePoint = pausePoint
    this.#signal = signal
  }

  /** Runs steps to their end, and passes on how far they are. Rejects with the signal's reason when it is aborted meanwhile. */
  async run<Result>(steps: Generator<number, Result, undefined>, done: LinesDone): Promise<Result> {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      done(step.value)
      await this.rest()
    }
  }

  /** To be awaited between pieces of work. Rejects with the signal's reason when it is aborted. */
  async rest(): Promise<void> {
    this.#signal.throwIfAborted()
    if (performance.now() - this.#since < TURN_MS) return
    await this.#pausePoint?.()
    // Timers, messages and what was loaded meanwhile have their turn: also the failure of another source, which ends this work.
    await nextTurn()
    this.#signal.throwIfAborted()
    this.#since = performance.now()
  }
}
