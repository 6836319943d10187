import type { JobError, JobId } from '@headway/protocol'
import { performance } from 'node:perf_hooks'
import type { Clock } from '../clock.js'
import type { JobType } from '../define-job.js'
import type { LogEvent } from '../events/log-event.js'
import type { ProcessHost } from '../process-host/script.js'
import type { Claim, ClaimRoom, WorkerId } from '../store/job-store.js'
import type { Stores } from '../store/stores.js'
import { toJobError } from './failure.js'
import { JobRun } from './job-run.js'
import { jittered } from './jittered.js'
import { NewsPace } from './news-pace.js'
import { Turns } from './turns.js'

export interface RunnerOptions {
  readonly worker: WorkerId
  readonly stores: Stores
  readonly processHost: ProcessHost | undefined
  readonly clock: Clock
  readonly leaseMs: number
  readonly concurrency: number
  /** The job type of this name, also one that is no longer offered but still has jobs. */
  readonly typeOf: (name: string) => JobType | undefined
  /** The types whose jobs this worker runs. */
  readonly typeNames: () => readonly string[]
  readonly onCommitted: (id: JobId, events: readonly LogEvent[], closed: boolean) => void
  /** A run is over: others may write to that job's log now. */
  readonly onReleased: (id: JobId) => void
  readonly onError: (error: unknown, doing: string) => void
}

const DEFAULT_TYPE_CONCURRENCY = 10
/** Looks for jobs that no wake-up told of. In milliseconds, more or less, so that workers which began together don't ask in step. */
const CLAIM_POLL_MS = 1000
/** A job that is written to all the time is looked at for requests no more often than this. In milliseconds. */
const RENEW_HINT_MS = 200
const MAX_LOSSES = 10_000
/** Leases are renewed three times within their length, so that two failures do no harm. */
const RENEWALS_PER_LEASE = 3
/** A renewal that failed is tried again so soon: the store may be back just before the leases end. In milliseconds. */
const RENEW_RETRY_MS = 500

/** Claims jobs, runs them and keeps their leases, for one worker. */
export class Runner {
  readonly #options: RunnerOptions
  readonly #runs = new Map<JobId, JobRun>()
  /** When each lease ends for certain, by this process's own clock: the last renewal's start plus its length. */
  readonly #deadlines = new Map<JobId, number>()
  /** The look for jobs that is under way. */
  #claiming: Promise<void> | undefined
  #claimAgain = false
  readonly #pace = new NewsPace()
  #stopNewsTimer: (() => void) | undefined
  #stopped = true
  #stopPoll: () => void = () => undefined
  #stopHeartbeat: () => void = () => undefined
  #hintTimer: (() => void) | undefined
  #stopRetry: (() => void) | undefined
  readonly #turns = new Turns()
  readonly #hinted = new Set<JobId>()
  leasesLost = 0
  /** Why jobs were lost here, for the sweep that ends them; it takes out what it has used. No more than MAX_LOSSES. */
  readonly losses = new Map<JobId, JobError>()
  /** What keeps the leases from being renewed. */
  #trouble: unknown

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  get running(): number {
    return this.#runs.size
  }

  isRunning(id: JobId): boolean {
    return this.#runs.has(id)
  }

  start(): void {
    this.#stopped = false
    this.#beat()
    this.claimSoon()
  }

  /** Looks for jobs to run, now or right after the look that is under way. */
  claimSoon(): void {
    if (this.#stopped) return
    if (this.#claiming === undefined) this.#claiming = this.#claimAll()
    else this.#claimAgain = true
  }

  /** There may be jobs to run: looks for them at once, or a little later where news came in vain. */
  news(): void {
    if (this.#stopped) return
    const pause = this.#pace.came()
    if (pause === 0) return this.claimSoon()
    this.#stopNewsTimer ??= this.#options.clock.after(pause, () => {
      this.#stopNewsTimer = undefined
      this.claimSoon()
    })
  }

  /** Finds out soon what was asked of a job that runs here. */
  hint(id: JobId): void {
    if (!this.#runs.has(id)) return
    this.#hinted.add(id)
    this.#hintTimer ??= this.#options.clock.after(RENEW_HINT_MS, () => {
      this.#hintTimer = undefined
      const ids = [...this.#hinted]
      this.#hinted.clear()
      void this.#renew(ids)
    })
  }

  /** Finds out at once what was asked of a job that runs here. */
  async look(id: JobId): Promise<void> {
    if (this.#runs.has(id)) await this.#renew([id])
  }

  /** Stops claiming and lets jobs go to their next checkpoint, at most for `graceMs`; then stops the rest. */
  async drain(graceMs: number): Promise<void> {
    this.#stopped = true
    this.#stopPoll()
    this.#stopNewsTimer?.()
    for (const run of this.#runs.values()) run.drain()
    const over = this.#allOver()
    const grace = new Promise<void>((resolve) => this.#options.clock.after(graceMs, resolve))
    await Promise.race([over, grace])
    for (const run of this.#runs.values()) run.endDrain()
    await this.#allOver()
    this.#stopHeartbeat()
    this.#hintTimer?.()
    this.#stopRetry?.()
  }

  async #allOver(): Promise<void> {
    while (this.#claiming !== undefined || this.#runs.size > 0) {
      // A claim that is under way may add some.
      await this.#claiming
      await Promise.all([...this.#runs.values()].map((run) => run.over))
      // Runs take themselves off the list right after.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  /** Claims until there is nothing to claim; then looks again after a while. */
  async #claimAll(): Promise<void> {
    let nextLookMs = 0
    while (nextLookMs === 0 && !this.#stopped) {
      this.#claimAgain = false
      try {
        nextLookMs = await this.#claim()
      } catch (error) {
        this.#options.onError(error, 'claim jobs')
        nextLookMs = jittered(CLAIM_POLL_MS)
      }
      if (this.#claimAgain) nextLookMs = 0
    }
    this.#claiming = undefined
    this.#stopPoll()
    if (!this.#stopped) this.#stopPoll = this.#options.clock.after(nextLookMs, () => this.claimSoon())
  }

  /** @returns after how long to look again, in milliseconds; 0: at once */
  async #claim(): Promise<number> {
    const { stores, worker, leaseMs } = this.#options
    const room = this.#room()
    const pollMs = jittered(CLAIM_POLL_MS)
    if (room.length === 0) return pollMs
    const started = performance.now()
    const claim = async (of: typeof room, total?: number): Promise<number> => {
      if (of.length === 0) return 0
      const claims = await stores.jobs.claim(worker, of, leaseMs, total)
      for (const one of claims) this.#run(one, started + leaseMs)
      return claims.length
    }
    const isLight = ({ type }: (typeof room)[number]): boolean => this.#isLight(type)
    const [some, light] = await Promise.all([
      claim(
        room.filter((one) => !isLight(one)),
        this.#free,
      ),
      claim(room.filter(isLight)),
    ])
    this.#pace.looked(some + light > 0)
    if (some + light > 0) return 0
    const dueIn = await stores.jobs.dueIn(room.map(({ type }) => type))
    return dueIn === undefined ? pollMs : Math.min(pollMs, Math.max(1, dueIn))
  }

  /** How many more jobs may run here, over all types but light ones. */
  get #free(): number {
    let counted = 0
    for (const { type } of this.#runs.values()) if (!this.#isLight(type)) counted += 1
    return this.#options.concurrency - counted
  }

  #isLight(type: string): boolean {
    return this.#options.typeOf(type)?.light === true
  }

  #room(): ClaimRoom[] {
    const { typeNames, typeOf } = this.#options
    const free = Math.max(0, this.#free)
    const busy = new Map<string, number>()
    for (const run of this.#runs.values()) busy.set(run.type, (busy.get(run.type) ?? 0) + 1)
    const room: ClaimRoom[] = []
    for (const type of typeNames()) {
      const left = (typeOf(type)?.concurrency ?? DEFAULT_TYPE_CONCURRENCY) - (busy.get(type) ?? 0)
      const limit = this.#isLight(type) ? left : Math.min(free, left)
      const most = typeOf(type)?.maxRunning
      if (limit > 0) room.push({ type, limit, ...(most !== undefined && { most }) })
    }
    return room
  }

  #run(claim: Claim, deadline: number): void {
    const { stores, processHost, clock, typeOf, onCommitted, onError, onReleased } = this.#options
    const type = typeOf(claim.job.type)
    if (type === undefined) {
      onError(new Error(`There is no job type ${claim.job.type}.`), `run job ${claim.job.id}`)
      return
    }
    const run = new JobRun({
      claim,
      type,
      store: stores.jobs,
      blobs: stores.blobs,
      processHost,
      clock,
      leaseLeftMs: () => Math.max(0, (this.#deadlines.get(claim.job.id) ?? 0) - performance.now()),
      turns: this.#turns,
      onCommitted,
      onError,
      onLost: (id, error) => this.#noteLoss(id, error),
    })
    this.#runs.set(run.id, run)
    this.#deadlines.set(run.id, deadline)
    // It was claimed while the drain began.
    if (this.#stopped) run.drain()
    void run.over.then(() => {
      // The job may be running here again already, under a new lease.
      if (this.#runs.get(run.id) === run) {
        this.#runs.delete(run.id)
        this.#deadlines.delete(run.id)
      }
      onReleased(run.id)
      this.claimSoon()
    })
  }

  #beat(): void {
    const { clock, leaseMs } = this.#options
    this.#stopHeartbeat = clock.after(leaseMs / RENEWALS_PER_LEASE, () => {
      this.#loseExpired()
      void this.#renew([...this.#runs.keys()])
      this.#beat()
    })
  }

  async #renew(ids: readonly JobId[]): Promise<void> {
    const { stores, leaseMs, processHost, onError } = this.#options
    const runs = ids.map((id) => this.#runs.get(id)).filter((run) => run !== undefined)
    if (runs.length === 0) return
    const started = performance.now()
    try {
      const states = await stores.jobs.renew(
        runs.map((run) => run.lease),
        leaseMs,
      )
      this.#trouble = undefined
      const held: string[] = []
      for (const [index, state] of states.entries()) {
        const run = runs[index]
        if (run === undefined || this.#runs.get(run.id) !== run) continue
        if (state.held) {
          held.push(run.name)
          this.#deadlines.set(run.id, started + leaseMs)
        } else {
          this.leasesLost += 1
        }
        run.obey(state)
      }
      if (held.length > 0) processHost?.extend(held, Math.max(0, started + leaseMs - performance.now()))
    } catch (error) {
      this.#trouble = error
      onError(error, 'renew leases')
      this.#loseExpired()
      this.#renewAgain()
    }
  }

  #renewAgain(): void {
    this.#stopRetry ??= this.#options.clock.after(jittered(RENEW_RETRY_MS), () => {
      this.#stopRetry = undefined
      void this.#renew([...this.#runs.keys()])
    })
  }

  /** Without the store's word, a lease counts as lost when its time is over here. */
  #loseExpired(): void {
    const now = performance.now()
    for (const [id, deadline] of this.#deadlines) {
      if (deadline > now) continue
      this.leasesLost += 1
      this.#deadlines.delete(id)
      if (this.#trouble !== undefined) this.#noteLoss(id, this.#trouble)
      this.#runs.get(id)?.lose()
    }
  }

  #noteLoss(id: JobId, error: unknown): void {
    if (this.losses.size < MAX_LOSSES) this.losses.set(id, toJobError(error))
  }
}
