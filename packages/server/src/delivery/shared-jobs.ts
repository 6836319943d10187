import type { JobId } from '@headway/protocol'
import type { ImmutableJob } from './dialect.js'

/** The jobs that are watched, one object for all watchers of a job: an input can be large. */
export class SharedJobs {
  readonly #jobs = new Map<JobId, { readonly job: ImmutableJob; watchers: number }>()

  /** Gives what the job's other watchers have. To be followed by one `leave`. */
  join(job: ImmutableJob): ImmutableJob {
    let shared = this.#jobs.get(job.id)
    if (shared === undefined) {
      shared = { job, watchers: 0 }
      this.#jobs.set(job.id, shared)
    }
    shared.watchers += 1
    return shared.job
  }

  leave(id: JobId): void {
    const shared = this.#jobs.get(id)
    if (shared === undefined) return
    shared.watchers -= 1
    if (shared.watchers === 0) this.#jobs.delete(id)
  }
}
