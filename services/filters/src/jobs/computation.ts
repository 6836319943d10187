import type { PauseSwitch } from '../compiler/index.js'
import { EventHistory } from './event-history.js'

/** What the work of a computation gets. */
export interface ComputationTools {
  readonly history: Pick<EventHistory, 'push'>
  /** Aborted when nobody wants the result any more. */
  readonly signal: AbortSignal
}

/** One job's share of a computation. */
export interface Share<Result> {
  readonly history: EventHistory
  /** The result, which stays usable until `leave`. */
  readonly result: Promise<Result>
  /** Tells whether this job rests. The computation rests when all its jobs do. */
  setPaused(paused: boolean): void
  /** Gives the share up; resolves at once, or, for the last share, when the work has ended and is cleared away. */
  leave(): Promise<void>
}

export interface ComputationOptions<Result> {
  readonly pauseSwitch: PauseSwitch
  readonly work: (tools: ComputationTools) => Promise<Result>
  /** The work came to its end, or nobody wants it any more: nobody can join from here on. */
  readonly onClosed: () => void
  /** Called once, when the work has ended and nobody holds a share. */
  readonly clear: () => Promise<void>
}

/** Work whose events and result any number of jobs share. It begins with the first share and is stopped when the last is given up. */
export class Computation<Result> {
  readonly #options: ComputationOptions<Result>
  readonly #history = new EventHistory()
  readonly #stop = new AbortController()
  /** Whether each share is paused. */
  readonly #shares = new Map<object, boolean>()
  readonly #result: Promise<Result>
  readonly #ended: Promise<void>
  #closed = false
  #cleared: Promise<void> | undefined

  constructor(options: ComputationOptions<Result>) {
    this.#options = options
    this.#result = options.work({ history: this.#history, signal: this.#stop.signal })
    this.#ended = this.#result.then(
      () => this.#end(),
      () => this.#end(),
    )
  }

  /** Undefined when it is too late. */
  join(): Share<Result> | undefined {
    if (this.#closed) return undefined
    const share = {}
    this.#shares.set(share, false)
    this.#applyPause()
    return {
      history: this.#history,
      result: this.#result,
      setPaused: (paused) => {
        if (!this.#shares.has(share)) return
        this.#shares.set(share, paused)
        this.#applyPause()
      },
      leave: async () => {
        this.#shares.delete(share)
        if (this.#shares.size > 0) return this.#applyPause()
        this.#close()
        this.#stop.abort(new Error('Nobody wants this compilation any more.'))
        await this.#ended
        await (this.#cleared ??= this.#options.clear())
      },
    }
  }

  #end(): void {
    this.#history.close()
    this.#close()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#options.onClosed()
  }

  #applyPause(): void {
    const all = [...this.#shares.values()]
    if (all.length > 0 && all.every(Boolean)) this.#options.pauseSwitch.pause()
    else this.#options.pauseSwitch.resume()
  }
}
