import { z } from 'zod'
import type { BreakerStore } from './breaker-store.js'

/** When somebody who is asked over the network (a host, a provider) is left alone; times in milliseconds. */
export interface BreakerRules {
  /** Failures in a row that open the breaker. */
  readonly failures: number
  /** How long it stays open; then one request may try. */
  readonly openMs: number
  /** Failures are forgotten when none follows for this long. */
  readonly memoryMs: number
}

/** `openUntil` 0: closed. `trial`: one request is trying now, and `openUntil` is when it is given up. */
const State = z.object({ failures: z.number(), openUntil: z.number(), trial: z.boolean() })
type State = z.infer<typeof State>

interface Read {
  readonly state: State
  /** 0: not there. */
  readonly version: number
}

const CLOSED: State = { failures: 0, openUntil: 0, trial: false }
/** Others change the same state at the same time; after so many lost races the count is left to them. */
const MAX_RACES = 5

/** Who is asked failed too often and is left alone. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError'
  /** When the next request may try, in milliseconds from now. */
  readonly retryAfterMs: number

  constructor(name: string, retryAfterMs: number) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
    super(`"${name}" failed too often and is left alone; try again in ${String(seconds)} s.`)
    this.retryAfterMs = retryAfterMs
  }
}

/** What changed by an outcome: worth a diagnostic. */
export type BreakerChange = 'opened' | 'closed' | undefined

/**
 * One circuit breaker for each name (of a host, of a provider), kept in a store and so shared by all jobs. A store that fails never holds
 * anybody up.
 */
export class Breakers {
  readonly #store: BreakerStore
  readonly #prefix: string
  readonly #rules: BreakerRules
  readonly #now: () => number

  /**
   * @param prefix of the keys in the store: `filters:breaker:`
   * @param now milliseconds since the Unix epoch
   */
  constructor(store: BreakerStore, prefix: string, rules: BreakerRules, now: () => number) {
    this.#store = store
    this.#prefix = prefix
    this.#rules = rules
    this.#now = now
  }

  /**
   * Lets a request pass, or not. After the open time one request passes as a trial. Whoever was let pass calls `leave`.
   *
   * @throws BreakerOpenError
   */
  async enter(name: string): Promise<void> {
    const { state, version } = await this.#read(name)
    if (state.openUntil === 0) return
    const leftMs = state.openUntil - this.#now()
    if (leftMs > 0) throw new BreakerOpenError(name, leftMs)
    const trial = { ...state, openUntil: this.#now() + this.#rules.openMs, trial: true }
    if (!(await this.#write(name, trial, version))) throw new BreakerOpenError(name, this.#rules.openMs)
  }

  /** Counts the outcome of a request that was let pass. `neither`: it says nothing of who was asked, as when it was cancelled. */
  async leave(name: string, outcome: 'success' | 'failure' | 'neither'): Promise<BreakerChange> {
    if (outcome === 'failure') return this.#fail(name)
    const { state, version } = await this.#read(name)
    if (version === 0) return undefined
    if (outcome === 'neither') {
      // The next request may try in its place.
      if (state.trial) await this.#write(name, { ...state, trial: false, openUntil: this.#now() }, version)
      return undefined
    }
    // A request that was let pass before the breaker opened closes it too: there is an answer.
    await this.#store.delete(this.#key(name)).catch(() => false)
    return state.openUntil === 0 ? undefined : 'closed'
  }

  async #fail(name: string): Promise<BreakerChange> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const { state, version } = await this.#read(name)
      const failures = state.failures + 1
      const opens = state.trial || failures >= this.#rules.failures
      const next = { failures, openUntil: opens ? this.#now() + this.#rules.openMs : 0, trial: false }
      if (await this.#write(name, next, version)) return opens ? 'opened' : undefined
    }
    return undefined
  }

  async #read(name: string): Promise<Read> {
    const found = await this.#store.get(this.#key(name)).catch(() => undefined)
    const parsed = State.safeParse(found?.value)
    return { state: parsed.success ? parsed.data : CLOSED, version: found?.version ?? 0 }
  }

  async #write(name: string, value: State, version: number): Promise<boolean> {
    const ttlMs = this.#rules.memoryMs + this.#rules.openMs
    // A store that fails holds nobody up: the caller goes on as if it had written.
    return this.#store.set(this.#key(name), value, { ttlMs, ifVersion: version }).then(
      (written) => written !== undefined,
      () => true,
    )
  }

  #key(name: string): string {
    return this.#prefix + name
  }
}
