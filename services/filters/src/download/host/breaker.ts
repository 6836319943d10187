import { z } from 'zod'
import { DownloadError } from '../errors.js'
import type { BreakerStore } from './breaker-store.js'

/** When a host is left alone; times in milliseconds. */
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
/** Others change the same host's state at the same time; after so many lost races the count is left to them. */
const MAX_RACES = 5

/** What changed by an outcome: worth a diagnostic. */
export type BreakerChange = 'opened' | 'closed' | undefined

/** One circuit breaker for each host, kept in a store and so shared by all jobs. A store that fails never holds a download up. */
export class Breakers {
  readonly #store: BreakerStore
  readonly #rules: BreakerRules
  readonly #now: () => number

  constructor(store: BreakerStore, rules: BreakerRules, now: () => number) {
    this.#store = store
    this.#rules = rules
    this.#now = now
  }

  /**
   * Lets a request pass, or not. After the open time one request passes as a trial.
   *
   * @throws DownloadError BREAKER_OPEN
   */
  async enter(host: string): Promise<void> {
    const { state, version } = await this.#read(host)
    if (state.openUntil === 0) return
    const leftMs = state.openUntil - this.#now()
    if (leftMs > 0) throw isOpen(host, leftMs)
    const trial = { ...state, openUntil: this.#now() + this.#rules.openMs, trial: true }
    if (!(await this.#write(host, trial, version))) throw isOpen(host, this.#rules.openMs)
  }

  /** Counts the outcome of a request that was let pass. `neither`: it says nothing of the host, as when it was cancelled. */
  async leave(host: string, outcome: 'success' | 'failure' | 'neither'): Promise<BreakerChange> {
    if (outcome === 'failure') return this.#fail(host)
    const { state, version } = await this.#read(host)
    if (version === 0) return undefined
    if (outcome === 'neither') {
      // The next request may try in its place.
      if (state.trial) await this.#write(host, { ...state, trial: false, openUntil: this.#now() }, version)
      return undefined
    }
    // A request that was let pass before the breaker opened closes it too: the host answers.
    await this.#store.delete(keyOf(host)).catch(() => false)
    return state.openUntil === 0 ? undefined : 'closed'
  }

  async #fail(host: string): Promise<BreakerChange> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const { state, version } = await this.#read(host)
      const failures = state.failures + 1
      const opens = state.trial || failures >= this.#rules.failures
      const next = { failures, openUntil: opens ? this.#now() + this.#rules.openMs : 0, trial: false }
      if (await this.#write(host, next, version)) return opens ? 'opened' : undefined
    }
    return undefined
  }

  async #read(host: string): Promise<Read> {
    const found = await this.#store.get(keyOf(host)).catch(() => undefined)
    const parsed = State.safeParse(found?.value)
    return { state: parsed.success ? parsed.data : CLOSED, version: found?.version ?? 0 }
  }

  async #write(host: string, value: State, version: number): Promise<boolean> {
    const ttlMs = this.#rules.memoryMs + this.#rules.openMs
    // A store that fails holds nobody up: the caller goes on as if it had written.
    return this.#store.set(keyOf(host), value, { ttlMs, ifVersion: version }).then(
      (written) => written !== undefined,
      () => true,
    )
  }
}

function keyOf(host: string): string {
  return `filters:breaker:${host}`
}

function isOpen(host: string, leftMs: number): DownloadError {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000))
  return new DownloadError('BREAKER_OPEN', `"${host}" failed too often and is left alone; try again in ${String(seconds)} s.`)
}
