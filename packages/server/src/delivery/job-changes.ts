import type { JobStore } from '@headway/core'
import { MAX_CHANGED_JOBS } from '@headway/protocol'
import type { JobId } from '@headway/protocol'

/** Changes are told at most so often, in milliseconds. */
const EVERY_MS = 250

/** Jobs that have changed. */
export interface Changed {
  /** At most `MAX_CHANGED_JOBS`. */
  readonly jobIds: readonly JobId[]
  /** So did others. */
  readonly more: boolean
}

/** Both together. */
export function mergeChanged(first: Changed | undefined, second: Changed): Changed {
  if (first === undefined) return second
  const all = new Set([...first.jobIds, ...second.jobIds])
  return { jobIds: [...all].slice(0, MAX_CHANGED_JOBS), more: first.more || second.more || all.size > MAX_CHANGED_JOBS }
}

/**
 * Tells whoever shows lists which jobs have changed. A hint, as the wake-ups of the store are that it comes from: it may be in vain, or be lost. The
 * store is listened to while somebody wants to know, once for all of them, and what it says is merged for a while.
 */
export class JobChanges {
  readonly #jobs: Pick<JobStore, 'wake'>
  readonly #listeners = new Set<(changed: Changed) => void>()
  #ids = new Set<JobId>()
  #more = false
  #timer: NodeJS.Timeout | undefined
  #toldAt = Number.NEGATIVE_INFINITY
  #stop: () => void = () => undefined

  constructor(jobs: Pick<JobStore, 'wake'>) {
    this.#jobs = jobs
  }

  /** @returns what ends it */
  subscribe(listener: (changed: Changed) => void): () => void {
    if (this.#listeners.size === 0) this.#stop = this.#jobs.wake((ids) => this.#take(ids))
    this.#listeners.add(listener)
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#end()
    }
  }

  #take(ids: readonly JobId[]): void {
    for (const id of ids) {
      if (this.#ids.size < MAX_CHANGED_JOBS || this.#ids.has(id)) this.#ids.add(id)
      else this.#more = true
    }
    this.#timer ??= setTimeout(() => this.#tell(), Math.max(0, this.#toldAt + EVERY_MS - performance.now())).unref()
  }

  #tell(): void {
    const changed = { jobIds: [...this.#ids], more: this.#more }
    this.#forget()
    this.#toldAt = performance.now()
    for (const listener of this.#listeners) listener(changed)
  }

  #forget(): void {
    this.#ids = new Set()
    this.#more = false
    this.#timer = undefined
  }

  #end(): void {
    this.#stop()
    clearTimeout(this.#timer)
    this.#forget()
  }
}
