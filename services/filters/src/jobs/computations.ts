import type { ServerKey } from '@headway/core'
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createPauseSwitch } from '../compiler/index.js'
import { Computation } from './computation.js'
import type { Share } from './computation.js'
import { hashOfJson } from './hash-of-json.js'
import type { ComputationEvent, EventHistory } from './event-history.js'
import { resultKey } from './list-store.js'
import { runComputation } from './run-computation.js'
import type { ComputationMeans, ComputationRequest, ComputedList } from './run-computation.js'
import type { Sources } from './sources.js'

export interface ComputationsOptions extends ComputationMeans {
  /** For files of computations under way; what an earlier server left there is removed. */
  readonly workFolder: string
  /** Hears all events of all computations, each once. */
  readonly onEvent?: (event: ComputationEvent) => void
}

/** What is asked for, before its key is known. */
export interface ListRequest extends Omit<ComputationRequest, 'key'> {
  /** What tells the pre-fetched texts apart: hashes, or themselves. */
  readonly content: unknown
}

/** The computations under way: one for all requests that are alike. */
export class Computations {
  readonly #options: ComputationsOptions
  readonly #running = new Map<string, Computation<ComputedList>>()

  private constructor(options: ComputationsOptions) {
    this.#options = options
  }

  static async open(options: ComputationsOptions): Promise<Computations> {
    await rm(options.workFolder, { recursive: true, force: true })
    await mkdir(options.workFolder, { recursive: true, mode: 0o700 })
    return new Computations(options)
  }

  /** See `ComputationMeans`. */
  get key(): ServerKey {
    return this.#options.serverKey
  }

  /** How many run now. */
  get size(): number {
    return this.#running.size
  }

  /**
   * Takes part in the computation of a list, which begins if it is not under way.
   *
   * @param wrap gives what came with the request, and leaves all else to what it is given
   */
  join({ content, ...request }: ListRequest, wrap: (sources: Sources) => Sources = (sources) => sources): Share<ComputedList> {
    const { configuration, benchmark, owner } = request
    // Events tell it: nobody shall find out by it what is secret in a configuration.
    const key = this.key.hash('result', resultKey({ configuration, content, benchmark, onSourceError: this.#options.onSourceError }))
    // The difference to the last list is a part of the result, and not everybody's.
    const shared = hashOfJson([key, owner ?? null])
    const running = this.#running.get(shared)?.join()
    if (running !== undefined) return running
    const folder = join(this.#options.workFolder, randomUUID())
    const pauseSwitch = createPauseSwitch()
    const computation = new Computation<ComputedList>({
      pauseSwitch,
      work: (tools) =>
        runComputation({ ...request, key }, { ...this.#options, sources: wrap(this.#options.sources) }, folder, pauseSwitch, {
          ...tools,
          history: this.#heard(tools.history),
        }),
      onClosed: () => {
        if (this.#running.get(shared) === computation) this.#running.delete(shared)
      },
      // What can't be removed now is removed when the server starts again.
      clear: () => rm(folder, { recursive: true, force: true }).catch((error: unknown) => this.#options.onUnexpected?.(error)),
    })
    this.#running.set(shared, computation)
    const share = computation.join()
    if (share === undefined) throw new Error('A computation ended before it began.')
    return share
  }

  #heard(history: Pick<EventHistory, 'push'>): Pick<EventHistory, 'push'> {
    const { onEvent } = this.#options
    return {
      push(event) {
        onEvent?.(event)
        history.push(event)
      },
    }
  }
}
