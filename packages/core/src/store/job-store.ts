import type { Job, JobError, JobId, JobRequest, JobStatus, Json, Progress, Seq } from '@headway/protocol'
import type { LogEvent } from '../events/log-event.js'

export type WorkerId = string

/**
 * What a store keeps of a job: the public view, and what only its runner and its dialects need.
 */
export interface StoredJob extends Job {
  /** What the job was made from, where that can change later: a task type's steps, for example. Never changes. */
  readonly definition?: Json
}

/** A worker's right to append to one job. `epoch` is the fencing token: it grows with every change of owner. */
export interface Lease {
  readonly jobId: JobId
  readonly epoch: number
  readonly worker: WorkerId
}

export interface NewJob {
  readonly id: JobId
  readonly type: string
  readonly input: Json
  /** Higher runs first; 0 by default. Within one priority, the older job. */
  readonly priority?: number
  readonly runAt?: Date
  /** At most `keyLimit` jobs with one `concurrencyKey` run or are paused at a time, whatever their types. */
  readonly concurrencyKey?: string
  readonly keyLimit?: number
  /** The same scope and key make one job; `fingerprint` tells whether the request was the same, too. */
  readonly idempotency?: { readonly scope: string; readonly key: string; readonly fingerprint: string }
  readonly parentId?: JobId
  readonly retryOf?: JobId
  readonly definition?: Json
  /** Fails with `queue_timeout` when it has not been claimed for this long after `runAt`. In milliseconds. */
  readonly queueTimeoutMs?: number
  /** How many lost leases in a row, without a checkpoint between them, the job survives. 0: it fails with `worker_lost`. */
  readonly maxRecoveries?: number
}

export type Created =
  | { readonly created: true; readonly job: StoredJob }
  /** `matched` says what was there already; `sameRequest` whether the idempotency fingerprint is the same. */
  | { readonly created: false; readonly job: StoredJob; readonly matched: 'id' | 'idempotency'; readonly sameRequest: boolean }

export interface JobQuery {
  readonly types?: readonly string[]
  readonly statuses?: readonly JobStatus[]
  /** A piece of the id, the type or the input's JSON text. */
  readonly text?: string
  readonly parentId?: JobId
  /** Created at this time or later. */
  readonly createdAfter?: Date
  /** Created before this time. */
  readonly createdBefore?: Date
  readonly limit: number
  /** Opaque: the `nextCursor` of an earlier page. A store throws HeadwayError INVALID_CURSOR for anything else. */
  readonly cursor?: string
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** A job that a worker now owns, as it is after its `claimed` event (`job.head` is the base of the first append). */
export interface Claim {
  readonly job: StoredJob
  readonly lease: Lease
  /** The last checkpoint, or undefined. */
  readonly saved: Json | undefined
}

/** What the row says after an append. Members that are absent stay as they are. */
export interface JobState {
  readonly status?: Exclude<JobStatus, 'queued'>
  readonly progress?: Progress
  readonly result?: Json
  readonly error?: JobError
  /**
   * The request that this append fulfils: it is cleared if it still stands. Where it was withdrawn meanwhile, the store asks for the
   * opposite: the owner did what nobody wants any more.
   */
  readonly fulfils?: JobRequest
}

/**
 * Events for one job's log, with all that belongs into the same transaction. All or nothing: the fence, the
 * events, the checkpoint and the row.
 */
export interface Append {
  readonly lease: Lease
  /** The head that the writer knows; the first event has seq `base + 1`. */
  readonly base: Seq
  /** Unique for this append: a repetition after an unknown outcome is recognised by it. */
  readonly batchId: string
  /** With dense seqs from `base + 1`. May be empty, when only a checkpoint is saved. */
  readonly events: readonly LogEvent[]
  readonly checkpoint?: Json
  readonly state?: JobState
  /**
   * Gives the job back to the queue (status `queued`), due after `delayMs` by the store's clock, and ends the lease. `attempt` sets the job's count. A request that stands wins: with a cancel
   * the store ends the job, and a job that is or should be paused stays `paused`, each with its event after those of the append.
   */
  readonly release?: { readonly delayMs: number; readonly reason: string; readonly attempt: number }
}

/** `stale`: the lease is over (expired, taken, or the job is finished); `conflict`: `base` is not the head. Nothing was written. */
export type AppendResult = { readonly ok: true } | { readonly ok: false; readonly code: 'stale' | 'conflict' }

export interface LeaseState {
  readonly jobId: JobId
  readonly epoch: number
  readonly held: boolean
  /** What was asked of the job meanwhile. */
  readonly request?: JobRequest
  readonly why?: string
}

/**
 * `done`: it has happened (a job that nobody owned); `requested`: the owner will be told; `already`: the
 * job is in that state or that was asked before; `refused`: the job's state does not allow it.
 */
export interface RequestResult {
  readonly outcome: 'done' | 'requested' | 'already' | 'refused'
  readonly job: StoredJob
}

export interface ReadRange {
  readonly after: Seq
  /** Only events of these types. */
  readonly types?: readonly string[]
  /** At least one event is given, however large it is. */
  readonly maxEvents: number
  readonly maxBytes: number
}

/** A piece of a log. All members are of one snapshot. */
export interface EventPage {
  readonly events: readonly LogEvent[]
  /** The cursor for what follows this page: the last seq that was looked at. */
  readonly next: Seq
  readonly head: Seq
  /** Whether the event at `head` is terminal. */
  readonly closed: boolean
  /** The first seq that is still there: 1, unless history was pruned. */
  readonly earliest: Seq
}

/** How many finished jobs are kept, and for how long. Absent: no limit. */
export interface Retention {
  readonly maxFinished?: number
  readonly maxAgeMs?: number
}

/** Types whose finished jobs are counted together. */
export interface RetentionGroup {
  readonly types: readonly string[]
  readonly keep: Retention
}

/** What is kept: of the types of each group together, and of each other type alone. */
export interface RetentionPolicy {
  readonly default: Retention
  readonly byType?: Readonly<Record<string, Retention>>
  /** A type is in one group at most. */
  readonly groups?: readonly RetentionGroup[]
}

export interface SweepOptions {
  /** At most so many jobs of each kind of work are handled in one call. */
  readonly limit: number
  readonly retention: RetentionPolicy
  /** Jobs that somebody watches at this node: due ones are kept for `watchedGraceMs` more, counted from when they were found due. */
  readonly watched: readonly JobId[]
  readonly watchedGraceMs: number
  /** Why this node lost jobs, where it knows: the error of those that end by it, in place of `worker_lost`. */
  readonly losses?: ReadonlyMap<JobId, JobError>
}

export interface Swept {
  /** Leases were lost; these wait for another worker, or, if they were paused, for `resume`. */
  readonly recovered: readonly JobId[]
  /** Ended by the sweep: lost workers, queue time-outs, cancels whose worker died. */
  readonly ended: readonly JobId[]
  readonly pruned: readonly JobId[]
  /** There was more to do than `limit`. */
  readonly more: boolean
}

/** Counts for metrics and for the service's figures. */
export interface JobCounts {
  readonly type: string
  readonly status: JobStatus
  /** Jobs that are there. */
  readonly count: number
  /** Jobs that ended like this and were removed by retention since. With `count` it only grows, for statuses that are terminal. */
  readonly pruned: number
}

/** How many jobs began and ended within a minute of the store's clock. Jobs that were pruned since count, too. */
export interface MinuteFigures {
  /** When it begins: milliseconds since the epoch, a multiple of 60,000. */
  readonly at: number
  readonly created: number
  readonly completed: number
  readonly failed: number
  readonly cancelled: number
}

/** What goes on, for dashboards. */
export interface StoreFigures {
  /** The store's time, in milliseconds since the epoch. */
  readonly now: number
  /** Of the last 60 minutes (`STATS_MINUTES`), the one under way included, those in which something happened, the oldest first. */
  readonly minutes: readonly MinuteFigures[]
  /** Since when the queued job could run that waits for longest (ms since the epoch). Undefined: none waits but for its time. */
  readonly waitingSince?: number
  /** Workers that hold leases, by id, with how many. */
  readonly workers: readonly { readonly id: WorkerId; readonly jobs: number }[]
}

/**
 * What kind of news a wake-up tells of. `log`: events were appended. `queue`: a job may wait to be claimed (a store may
 * also say so of one whose end made room for others); its log may have grown, too. `request`: a cancel, pause or resume was asked, or withdrawn, of a job that somebody owns.
 */
export type News = 'log' | 'queue' | 'request'

/** What a worker has room for, of one type. */
export interface ClaimRoom {
  readonly type: string
  /** How many jobs of the type this worker takes at most. */
  readonly limit: number
  /** How many jobs of the type may be owned at a time, running or paused, by all workers together. Absent: any number. */
  readonly most?: number
}

/** One owner's time with a job. */
export interface RunOfJob {
  readonly jobId: JobId
  readonly epoch: number
}

export type Unsubscribe = () => void

/**
 * What an engine needs of a database. Small on purpose: everything richer is built above it, and
 * `@headway/conformance` proves an implementation.
 *
 * Every call either takes effect as a whole or throws a StoreError and has no effect. What it resolved with is durable.
 * Lifecycle events of jobs that nobody owns (`created`, `claimed`, `recovered`, `paused`, `resumed`, `cancelled`,
 * `failed`) are appended by the store itself, in the transaction of the change.
 */
export interface JobStore {
  /** Makes jobs, each with its `created` event. One that exists already is given back as it is. */
  create(jobs: readonly NewJob[]): Promise<readonly Created[]>
  get(id: JobId): Promise<StoredJob | undefined>
  /** The job that was made under an idempotency key. */
  findByKey(idempotency: Pick<NonNullable<NewJob['idempotency']>, 'scope' | 'key'>): Promise<StoredJob | undefined>
  /** Newest first. */
  list(query: JobQuery): Promise<Page<StoredJob>>
  counts(): Promise<readonly JobCounts[]>
  /** Cheap, however many jobs there are: dashboards ask every other second. */
  figures(): Promise<StoreFigures>
  /**
   * Takes queued jobs that are due, by priority, then age, at most `limit` of each type in `room` and `total` in all, no more
   * of one concurrency key than its limit, and none of a type of which `most` are owned. Each gets a `claimed` event and a new epoch.
   */
  claim(worker: WorkerId, room: readonly ClaimRoom[], leaseMs: number, total?: number): Promise<readonly Claim[]>
  /** In how many milliseconds, by the store's clock, the next queued job of these types is due that is not due yet. Undefined: none waits for its time. */
  dueIn(types: readonly string[]): Promise<number | undefined>
  /** Lengthens leases, one call for all of a worker's jobs, and brings what was asked of them. An expired lease is not held and can't come back. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<readonly LeaseState[]>
  /** Whether the lease of each run is held now, in order: a worker that started with what others left behind asks whose it is. */
  held(runs: readonly RunOfJob[]): Promise<readonly boolean[]>
  /** Appends to any number of jobs; each succeeds or fails alone. The same batch id again, with the same epoch and base, is a success. */
  append(batch: readonly Append[]): Promise<readonly AppendResult[]>
  /** Asks for a change of a job's status. Undefined: there is no such job. */
  request(id: JobId, what: JobRequest, why?: string): Promise<RequestResult | undefined>
  /** A page of a job's log. Undefined: there is no such job. */
  read(id: JobId, range: ReadRange): Promise<EventPage | undefined>
  /** Recovers, ends and prunes what is due. Idempotent; run by every node. */
  sweep(options: SweepOptions): Promise<Swept>
  /** Calls `listener` with jobs that have news of one kind, from this node or another. A hint: it may be spurious, merged or lost. */
  wake(listener: (ids: readonly JobId[], news: News) => void): Unsubscribe
}
