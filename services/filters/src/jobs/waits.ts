import type { JobId } from '@headway/protocol'
import { WAITING_PHASE } from '../compiler/index.js'
import type { ComputationEvent } from './event-history.js'

/** Jobs that run, as the engine sees it, and still wait for the compiler's threads. */
export class Waits {
  /** Of each job the lists that are not done, and whether they wait. */
  readonly #jobs = new Map<JobId, Map<object, boolean>>()

  /** Jobs of which every list that is not done waits. */
  get size(): number {
    let count = 0
    for (const lists of this.#jobs.values()) if ([...lists.values()].every(Boolean)) count += 1
    return count
  }

  /**
   * Does the work of one list of a job.
   *
   * @param work gets what has to hear the events of the list
   */
  async during<Result>(job: JobId, work: (hear: (event: ComputationEvent) => void) => Promise<Result>): Promise<Result> {
    const list = {}
    const lists = this.#jobs.get(job) ?? new Map<object, boolean>()
    this.#jobs.set(job, lists.set(list, false))
    try {
      return await work(({ type, data }) => {
        lists.set(list, type === 'progress' && data.phase === WAITING_PHASE && data.current < data.total)
      })
    } finally {
      lists.delete(list)
      if (lists.size === 0) this.#jobs.delete(job)
    }
  }
}
