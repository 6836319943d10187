import type { JobId, JobRequest, Json, Seq } from '@headway/protocol'
import type { Clock } from './clock.js'
import type { JobType } from './define-job.js'
import type { LogEvent } from './events/log-event.js'
import type { ProcessHost } from './process-host/script.js'
import type { Created, EventPage, JobCounts, JobQuery, NewJob, Page, ReadRange, Retention, StoredJob, WorkerId } from './store/job-store.js'
import type { Stores } from './store/stores.js'
import type { StoreSpell } from './store/store-trouble.js'

export interface CreateOptions {
  /** The job's id, where the client chooses it. */
  readonly id?: JobId
  readonly priority?: number
  readonly runAt?: Date
  readonly idempotency?: NonNullable<NewJob['idempotency']>
  readonly parentId?: JobId
}

/** What became of a creation: the job, and whether it is new. */
export type CreateResult = Created

export interface FollowOptions {
  /** The cursor: the last seq that the watcher has, 0 for all. */
  readonly after: Seq
  readonly signal: AbortSignal
}

/** What the engine says of itself, for metrics and the dashboard. */
export interface EngineFigures {
  /** By which its leases are known. */
  readonly worker: WorkerId
  /** How many jobs it runs at a time, light ones not counted; 0 where it runs none. */
  readonly slots: number
  /** When the engine was made. */
  readonly since: Date
  readonly running: number
  readonly watchers: number
  readonly watchedJobs: number
  readonly eventsAppended: number
  /** Over the last seconds. */
  readonly eventsPerSecond: number
  readonly leasesLost: number
  readonly counts: readonly JobCounts[]
}

export interface EngineOptions {
  readonly stores: Stores
  readonly jobTypes?: readonly JobType[]
  /** Needed by job types that use `ctx.spawn`. The engine closes it. */
  readonly processHost?: ProcessHost
  readonly clock?: Clock
  /** Told of what goes wrong in the background; nothing is thrown there. Of trouble with the store once for each spell of it. */
  readonly onError?: (error: unknown, doing: string) => void
  /** Told when the store is well again after a spell of trouble. */
  readonly onStoreWell?: (spell: StoreSpell) => void
  /** How long a worker may be silent before its jobs go elsewhere. 15,000 ms by default. */
  readonly leaseMs?: number
  /** How often retention and lost workers are looked after. 1,000 ms by default. */
  readonly sweepMs?: number
  /**
   * What is kept of finished jobs: of the types that name the same `retentionGroup` together, of each other type alone. Everything by default.
   */
  readonly retention?: {
    readonly default: Retention
    readonly byType?: Readonly<Record<string, Retention>>
    readonly byGroup?: Readonly<Record<string, Retention>>
  }
  /** How long jobs may go on after `drain` was called. 10,000 ms by default. */
  readonly shutdownGraceMs?: number
  /** How many jobs this worker runs at a time, over all types. 100 by default. */
  readonly concurrency?: number
  /**
   * Whose jobs run here: of all types, the default; of none, for a node that only answers and delivers; or of these. Jobs of every type can be
   * made, watched and controlled at every node.
   */
  readonly work?: 'all' | 'none' | readonly string[]
}

/** Runs jobs and lets anyone follow them. */
export interface Engine {
  readonly jobTypes: ReadonlyMap<string, JobType>
  readonly stores: Stores
  /** A job type that is offered, or was until it was taken away here: jobs of it may be left. */
  typeOf(name: string): JobType | undefined
  /** Adds a job type or puts another in its place. Jobs that exist keep their definition and their limits; they run with the new type's work, retries and grace. */
  register(type: JobType): void
  /** Takes a job type away: nothing new is created; jobs that exist are run to their end. */
  unregister(name: string): void
  /**
   * Makes a job. It is durable when this resolves.
   *
   * @throws HeadwayError UNKNOWN_JOB_TYPE, VALIDATION_ERROR (with `fields`)
   */
  create(type: string, input: unknown, options?: CreateOptions): Promise<CreateResult>
  /** @throws HeadwayError JOB_NOT_FOUND */
  get(id: JobId): Promise<StoredJob>
  list(query: JobQuery): Promise<Page<StoredJob>>
  /**
   * Asks for a cancel, pause or resume. What is so already is a success.
   *
   * @throws HeadwayError JOB_NOT_FOUND, JOB_FINISHED, NOT_PAUSABLE
   */
  request(id: JobId, what: JobRequest, why?: string): Promise<StoredJob>
  /** Makes a new job like a finished one, with `retryOf`. @throws HeadwayError JOB_NOT_FOUND, JOB_NOT_FINISHED, UNKNOWN_JOB_TYPE */
  retry(id: JobId, options?: Pick<CreateOptions, 'idempotency'>): Promise<CreateResult>
  /** A page of a log. @throws HeadwayError JOB_NOT_FOUND */
  read(id: JobId, range: ReadRange): Promise<EventPage>
  /**
   * Gives a job's events after a cursor, in order, without gap or repeat, first the stored ones, then live, until the terminal
   * one. The arrays are shared between watchers that are equally far, so what is made of one can be kept by its identity.
   *
   * @throws HistoryGoneError when the history after the cursor is gone; HeadwayError JOB_NOT_FOUND
   */
  follow(id: JobId, options: FollowOptions): AsyncGenerator<readonly LogEvent[], void, void>
  /** Waits until the job is over; gives the job as it is then, or as it is when `signal` aborts. */
  finished(id: JobId, signal: AbortSignal): Promise<StoredJob>
  figures(): Promise<EngineFigures>
  /** Begins to claim and run jobs. */
  start(): Promise<void>
  /** Stops claiming; gives jobs back at their next checkpoint, and ends what is left after the grace. */
  drain(): Promise<void>
  /** `drain`, then lets go of everything but the stores. */
  close(): Promise<void>
}

/** JSON text of a value, as events hold it: `undefined` becomes null. */
export function toJsonText(value: Json | undefined): string {
  return value === undefined ? 'null' : JSON.stringify(value)
}
