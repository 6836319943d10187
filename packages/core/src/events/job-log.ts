import type { JobId } from '@headway/protocol'
import type { Clock } from '../clock.js'
import type { EventPage, JobStore, ReadRange } from '../store/job-store.js'
import { KeptPages } from './kept-pages.js'
import type { LogEvent } from './log-event.js'
import { Tail } from './tail.js'

export interface JobLogLimits {
  /** What the ring of one job may hold, in bytes. */
  readonly ringBytes: number
  /** What the rings of all watched jobs may hold together, in bytes. Each job keeps at least one slice. */
  readonly totalRingBytes: number
  /** What one watcher is given at a time, in bytes, unless one event is larger. */
  readonly sliceBytes: number
  /** What is kept for a while of the pages that were read for watchers who are behind, in bytes. */
  readonly keptPageBytes: number
  /** How many events one read of the store gives at most. */
  readonly pageEvents: number
  /** The slow poll that finds what lost wake-ups did not tell: its shortest and longest pause. */
  readonly pollMinMs: number
  readonly pollMaxMs: number
}

export const DEFAULT_LOG_LIMITS: JobLogLimits = {
  ringBytes: 1024 * 1024,
  totalRingBytes: 64 * 1024 * 1024,
  sliceBytes: 32 * 1024,
  keptPageBytes: 8 * 1024 * 1024,
  pageEvents: 1000,
  pollMinMs: 500,
  pollMaxMs: 3000,
}

interface Watched {
  readonly tail: Tail
  watchers: number
  refilling: boolean
  again: boolean
  stopPoll: () => void
  pollMs: number
  /** How many events the last page had that was read: the next one will have about as many. */
  pageLength: number
}

/** A read of the store that is under way. */
interface Reading {
  readonly after: number
  readonly page: Promise<EventPage | undefined>
}

/** The logs of jobs as this node sees them: reads that watchers share, and a tail for each job that is watched. */
export class JobLog {
  readonly #store: Pick<JobStore, 'read'>
  readonly #clock: Clock
  readonly #limits: JobLogLimits
  readonly #onError: (error: unknown, doing: string) => void
  readonly #watched = new Map<JobId, Watched>()
  readonly #pages: KeptPages
  readonly #reads = new Map<JobId, readonly Reading[]>()

  constructor(
    store: Pick<JobStore, 'read'>,
    clock: Clock,
    onError: (error: unknown, doing: string) => void,
    limits: JobLogLimits = DEFAULT_LOG_LIMITS,
  ) {
    this.#store = store
    this.#clock = clock
    this.#onError = onError
    this.#limits = limits
    this.#pages = new KeptPages(limits.keptPageBytes)
  }

  get watchedJobs(): number {
    return this.#watched.size
  }

  /** Finished jobs that somebody still reads. */
  get watchedFinished(): readonly JobId[] {
    return [...this.#watched].filter(([, { tail }]) => tail.closed).map(([id]) => id)
  }

  get watchers(): number {
    let sum = 0
    for (const { watchers } of this.#watched.values()) sum += watchers
    return sum
  }

  isWatched(id: JobId): boolean {
    return this.#watched.has(id)
  }

  read(id: JobId, range: ReadRange): Promise<EventPage | undefined> {
    return this.#store.read(id, range)
  }

  /**
   * The next page for a watcher. Watchers that ask for the same page share one read and its arrays; one whose cursor probably lies in a
   * page that is being read waits for that, and goes on where it ends, together with the others.
   */
  async readNext(id: JobId, after: number): Promise<EventPage | undefined> {
    for (;;) {
      const kept = this.#pages.find(id, after)
      if (kept !== undefined) return kept
      const reach = this.#watched.get(id)?.pageLength ?? 0
      const reading = this.#reads.get(id)?.find((one) => one.after <= after && after <= one.after + reach)
      if (reading === undefined) return this.#startReading(id, after)
      const page = await reading.page
      if (page === undefined || reading.after === after) return page
    }
  }

  #startReading(id: JobId, after: number): Promise<EventPage | undefined> {
    const page = this.#readPage(id, after).finally(() => {
      const left = this.#reads.get(id)?.filter((one) => one !== reading) ?? []
      if (left.length === 0) this.#reads.delete(id)
      else this.#reads.set(id, left)
    })
    const reading: Reading = { after, page }
    this.#reads.set(id, [...(this.#reads.get(id) ?? []), reading])
    return page
  }

  async #readPage(id: JobId, after: number): Promise<EventPage | undefined> {
    const page = await this.#store.read(id, { after, maxEvents: this.#limits.pageEvents, maxBytes: this.#limits.sliceBytes })
    const watched = this.#watched.get(id)
    if (page === undefined || watched === undefined) return page
    watched.pageLength = page.events.length
    // For one watcher alone it would be kept in vain.
    if (watched.watchers > 1) this.#pages.keep(id, after, page)
    return page
  }

  /** Begins to watch: the tail stays until `leave` was called as often as `join`. */
  join(id: JobId): Tail {
    let watched = this.#watched.get(id)
    if (watched === undefined) {
      const ringBytes = () =>
        Math.max(this.#limits.sliceBytes, Math.min(this.#limits.ringBytes, this.#limits.totalRingBytes / this.#watched.size))
      const tail = new Tail({ ringBytes, sliceBytes: this.#limits.sliceBytes })
      watched = {
        tail,
        watchers: 0,
        refilling: false,
        again: false,
        stopPoll: () => undefined,
        pollMs: this.#limits.pollMinMs,
        pageLength: 0,
      }
      this.#watched.set(id, watched)
      this.#poll(id, watched)
    }
    watched.watchers += 1
    return watched.tail
  }

  leave(id: JobId): void {
    const watched = this.#watched.get(id)
    if (watched === undefined) return
    watched.watchers -= 1
    if (watched.watchers > 0) return
    watched.stopPoll()
    this.#watched.delete(id)
    this.#pages.forget(id)
  }

  /** Events of a job were committed at this node. */
  committed(id: JobId, events: readonly LogEvent[], closed: boolean): void {
    const watched = this.#watched.get(id)
    if (watched !== undefined && !watched.tail.accept(events, closed)) this.#refill(id, watched)
  }

  /** There may be news of a job that this node did not write. */
  hint(id: JobId): void {
    const watched = this.#watched.get(id)
    if (watched === undefined) return
    // A tail that knows nothing yet is seeded by its first watcher's own read, which may be older than this news.
    if (watched.tail.head === undefined) watched.tail.touch()
    else this.#refill(id, watched)
  }

  #poll(id: JobId, watched: Watched): void {
    watched.stopPoll = this.#clock.after(watched.pollMs, () => {
      watched.pollMs = Math.min(watched.pollMs * 1.5, this.#limits.pollMaxMs)
      this.#pages.age(id)
      this.#refill(id, watched)
      this.#poll(id, watched)
    })
  }

  #refill(id: JobId, watched: Watched): void {
    if (watched.refilling) {
      watched.again = true
      return
    }
    watched.refilling = true
    this.#readInto(id, watched)
      .catch((error: unknown) => this.#onError(error, `read the news of job ${id}`))
      .finally(() => {
        watched.refilling = false
        if (!watched.again) return
        watched.again = false
        this.#refill(id, watched)
      })
  }

  async #readInto(id: JobId, watched: Watched): Promise<void> {
    const { tail } = watched
    // A tail that knows nothing yet is seeded by its first watcher's own read.
    while (tail.head !== undefined && !tail.closed && this.#watched.get(id) === watched) {
      const page = await this.readNext(id, tail.head)
      if (page === undefined || page.head < tail.head) {
        tail.touch() // pruned, or restored from a backup: the watchers find out by their own reads
        return
      }
      if (page.events.length > 0 || page.closed) {
        watched.pollMs = this.#limits.pollMinMs
        tail.accept(page.events, page.closed && page.next === page.head)
      }
      if (page.next >= page.head) return
    }
  }
}
