import { EXIT } from '../exit-codes.js'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Ctrl-C and SIGTERM: the first is for the command, the second ends it at once. */
export class StopSignals {
  readonly #first = new AbortController()
  readonly #listener = (): void => {
    if (this.asked.aborted) process.exit(this.#exitCode)
    this.#first.abort()
  }
  readonly #exitCode: number

  /** @param exitCode of the second signal; by default: how the job ends is not known */
  constructor(exitCode: number = EXIT.unknown) {
    this.#exitCode = exitCode
    for (const signal of SIGNALS) process.on(signal, this.#listener)
  }

  /** Aborts at the first signal. */
  get asked(): AbortSignal {
    return this.#first.signal
  }

  /** Signals do again what they do by themselves. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener)
  }
}
