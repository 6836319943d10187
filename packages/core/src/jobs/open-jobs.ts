import { setMaxListeners } from 'node:events'
import type { JobStatus } from '@headway/protocol'
import type { Engine } from '../engine.js'
import type { HeadwayError } from '../errors.js'
import type { StoredJob } from '../store/job-store.js'

/** Jobs that are not over. */
const OPEN: readonly JobStatus[] = ['queued', 'running', 'paused']

/** How many jobs are looked at in one go after a start: each may have a large input. */
const PAGE = 20

/** Whose places a job takes, and how many. */
export interface PlacesOfJob {
  readonly owner: string
  readonly count: number
}

export interface OpenJobsOptions {
  /** For each owner; 0: any number. */
  readonly max: number
  /** The job types that count. */
  readonly types: readonly string[]
  /** What a job takes, told by its input; undefined: nothing. */
  readonly placesOf: (job: Pick<StoredJob, 'type' | 'input'>) => PlacesOfJob | undefined
  /** What an owner hears who has too many open. */
  readonly refusal: (open: number) => HeadwayError
}

/** How many jobs each owner has that are not over: they wait, run or rest. */
export class OpenJobs {
  readonly #engine: Pick<Engine, 'finished' | 'list'>
  readonly #options: OpenJobsOptions
  /** What each job has, by its id. */
  readonly #held = new Map<string, PlacesOfJob>()
  /** Of each owner. */
  readonly #open = new Map<string, number>()
  readonly #closing = new AbortController()

  constructor(engine: Pick<Engine, 'finished' | 'list'>, options: OpenJobsOptions) {
    this.#engine = engine
    this.#options = options
    // One for each open job.
    setMaxListeners(0, this.#closing.signal)
  }

  /**
   * Takes places for a job that is about to be made; once, however many requests are about to make it.
   *
   * @param owner see `ownerOf`; undefined may have any number
   * @throws HeadwayError as `refusal` makes it
   */
  take(jobId: string, owner: string | undefined, count = 1): void {
    const { max, refusal } = this.#options
    if (owner === undefined || max === 0 || this.#held.has(jobId)) return
    const open = this.#open.get(owner) ?? 0
    if (open + count > max) throw refusal(open)
    this.#hold(jobId, { owner, count })
  }

  /** Counts a job until it is over, also one for which nothing was taken: the holder of an API key may run somebody's job again. */
  made(job: Pick<StoredJob, 'id' | 'type' | 'input'>): void {
    const { max, types, placesOf } = this.#options
    if (max === 0 || !types.includes(job.type)) return
    const { id } = job
    if (!this.#held.has(id)) {
      const places = placesOf(job)
      if (places === undefined) return
      this.#hold(id, places)
    }
    const giveBack = (): void => this.giveBack(id)
    // A job that can't be found any more is over, too.
    void this.#engine.finished(id, this.#closing.signal).then(giveBack, giveBack)
  }

  /** The job is over, or was not made after all. */
  giveBack(jobId: string): void {
    const held = this.#held.get(jobId)
    if (held === undefined) return
    this.#held.delete(jobId)
    const left = (this.#open.get(held.owner) ?? 0) - held.count
    if (left > 0) this.#open.set(held.owner, left)
    else this.#open.delete(held.owner)
  }

  /** Counts what an earlier server left open. */
  async restore(): Promise<void> {
    const { max, types } = this.#options
    if (max === 0) return
    for (let cursor: string | undefined; ;) {
      const query = { types, statuses: OPEN, limit: PAGE, ...(cursor !== undefined && { cursor }) }
      const { items, nextCursor } = await this.#engine.list(query)
      for (const job of items) this.made(job)
      if (nextCursor === null) return
      cursor = nextCursor
    }
  }

  close(): void {
    this.#closing.abort()
  }

  #hold(jobId: string, places: PlacesOfJob): void {
    this.#held.set(jobId, places)
    this.#open.set(places.owner, (this.#open.get(places.owner) ?? 0) + places.count)
  }
}
