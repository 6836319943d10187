import { CompileError } from './compile-error.js'

/** What a compilation may take where nobody says otherwise, in milliseconds: 10 minutes. */
export const DEFAULT_TIMEOUT_MS = 10 * 60_000
/** Timers can't be longer, in milliseconds. What may take longer than 24 days has no deadline. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The time that a compilation may take, pauses not counted. It runs from the beginning, until `end`. */
export class Deadline {
  readonly #timeoutMs: number
  readonly #late = new AbortController()
  #leftMs: number
  #since = 0
  #timer: NodeJS.Timeout | undefined

  /** @param timeoutMs milliseconds; Infinity for no deadline */
  constructor(timeoutMs: number = DEFAULT_TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs
    this.#leftMs = timeoutMs
    this.resume()
  }

  /** Aborted, with a CompileError COMPILATION_TIMEOUT, when the time is over. */
  get signal(): AbortSignal {
    return this.#late.signal
  }

  /** Time stands still until `resume`. */
  pause(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#leftMs -= performance.now() - this.#since
  }

  resume(): void {
    if (this.#timer !== undefined || this.#leftMs > MAX_TIMER_MS) return
    this.#since = performance.now()
    this.#timer = setTimeout(() => this.#late.abort(this.#error()), Math.max(0, this.#leftMs))
  }

  /** To be called when the work has ended, whatever came of it. */
  end(): void {
    this.pause()
  }

  #error(): CompileError {
    const allowed = this.#timeoutMs < 1_000 ? `${this.#timeoutMs} ms` : `${this.#timeoutMs / 1_000} seconds`
    const message = `The compilation took longer than the allowed ${allowed}. Use fewer or smaller sources, or fewer patterns.`
    return new CompileError('COMPILATION_TIMEOUT', message)
  }
}
