import type { JobError, JobId, Json } from '@headway/protocol'
import type { Clock } from '../clock.js'
import type { JobType } from '../define-job.js'
import { JobFailure, LeaseLostError } from '../errors.js'
import type { LogEvent } from '../events/log-event.js'
import type { ProcessHost } from '../process-host/script.js'
import type { BlobStore } from '../store/blob-store.js'
import type { Claim, JobState, JobStore, LeaseState } from '../store/job-store.js'
import { runInThread } from '../workers/run-in-thread.js'
import { retryDelayMs } from './backoff.js'
import { StopReason } from './context.js'
import { fittingDetails, isRetryable, toJobError } from './failure.js'
import { JobWriter } from './job-writer.js'
import { PauseGate } from './pause-gate.js'
import { RunContext } from './run-context.js'
import type { Turns } from './turns.js'

export interface JobRunOptions {
  readonly claim: Claim
  readonly type: JobType
  readonly store: JobStore
  readonly blobs: BlobStore
  readonly processHost: ProcessHost | undefined
  readonly clock: Clock
  /** How long the lease holds for certain if nobody renews it, in milliseconds. */
  readonly leaseLeftMs: () => number
  /** Shared by all runs of a worker. */
  readonly turns: Turns
  readonly onCommitted: (id: JobId, events: readonly LogEvent[], closed: boolean) => void
  readonly onError: (error: unknown, doing: string) => void
  /** The end of this run could not be written; a sweep will end the job. */
  readonly onLost: (id: JobId, error: unknown) => void
}

const DEFAULT_GRACE_MS = 5000

/** One run of a job under one lease, from its claim to the last thing that it writes. */
export class JobRun {
  /** Resolves when the lease is of no more use: the job ended, was given back or was lost. Never rejects. */
  readonly over: Promise<void>
  readonly #options: JobRunOptions
  #writer: JobWriter
  readonly #stop = new AbortController()
  readonly #gate: PauseGate
  readonly #drain = new AbortController()
  readonly #context: RunContext
  #cancelWhy: string | undefined
  #stopRestTimer: () => void = () => undefined

  constructor(options: JobRunOptions) {
    this.#options = options
    this.#writer = this.#newWriter(options.claim.job.head)
    this.#gate = new PauseGate((why) => {
      this.#note('paused', why, { status: 'paused', fulfils: 'pause' })
      this.#limitRest()
    })
    const { claim, blobs, processHost, leaseLeftMs } = options
    this.#context = new RunContext({
      claim,
      runName: this.name,
      writer: this.#writer,
      blobs,
      processHost,
      leaseLeftMs,
      gate: this.#gate,
      stop: this.#stop.signal,
      draining: this.#drain.signal,
      giveBack: () => this.#giveBack(),
    })
    this.over = this.#run()
  }

  get id(): JobId {
    return this.#options.claim.job.id
  }

  get type(): string {
    return this.#options.claim.job.type
  }

  /** For `HEADWAY_RUN`. */
  get name(): string {
    return `${this.id}:${this.#options.claim.lease.epoch}`
  }

  get lease(): Claim['lease'] {
    return this.#options.claim.lease
  }

  /** Does what was asked of the job, as a renewal of its lease says. */
  obey(state: LeaseState): void {
    if (!state.held) return this.lose()
    if (state.request === 'cancel') return this.#cancel(state.why)
    if (state.request === 'pause') return this.#gate.pause(state.why)
    if (state.request === 'resume') {
      if (this.#gate.resume()) this.#note('resumed', state.why, { status: 'running', fulfils: 'resume' })
      return
    }
    // A pause that was taken back before the work came to rest.
    if (this.#gate.asked && !this.#gate.paused) this.#gate.resume()
  }

  /** The lease is lost: all that this run does is stopped at once, and it can write nothing more. */
  lose(): void {
    this.#writer.abandon(new LeaseLostError(this.id))
    this.#abort('lease_lost', 'The lease of this job was lost.')
    void this.#killScripts()
  }

  /** Gives the job back at its next checkpoint, or at its next pause point when it has one. */
  drain(): void {
    this.#drain.abort()
    // Work that rests reaches neither.
    if (this.#gate.paused && this.#canGoOn) this.endDrain()
  }

  /** Ends a drain: whatever the job does now is stopped, and it is given back or fails. */
  endDrain(): void {
    this.#abort('draining', 'The server stops.')
  }

  async #killScripts(): Promise<void> {
    if (!this.#context.spawned) return
    try {
      await this.#options.processHost?.kill(this.name)
    } catch (error) {
      this.#options.onError(error, `kill what ${this.name} started`)
    }
  }

  #cancel(why: string | undefined): void {
    if (this.#stop.signal.aborted) return
    this.#cancelWhy = why
    this.#note('cancelling', why)
    this.#abort('cancelled', why ?? 'The job was cancelled.')
  }

  /** A rest that is too long ends this run; the job stays paused, and whoever resumes it has it run again. */
  #limitRest(): void {
    const { clock, type } = this.#options
    this.#stopRestTimer()
    if (type.maxRestMs === undefined || !this.#canGoOn) return
    this.#stopRestTimer = clock.after(type.maxRestMs, () => {
      if (this.#gate.paused) this.#abort('rested', 'The job rests for too long to keep its place.')
    })
  }

  #abort(kind: StopReason['kind'], message: string): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(new StopReason(kind, message))
  }

  #newWriter(head: number): JobWriter {
    const { store, claim, clock, turns, onCommitted } = this.#options
    return new JobWriter({ store, lease: claim.lease, head, clock, turns, onCommitted })
  }

  /** Writes an event of the runner's own; what goes wrong with it shows in the run's own writes. */
  #note(type: string, reason: string | undefined, state?: JobState): void {
    this.#writer.write({ type, data: { reason }, ...(state !== undefined && { state }) }).catch(() => undefined)
  }

  async #run(): Promise<void> {
    const { onError, onLost } = this.#options
    try {
      const outcome = await this.#work()
      // What the run started is gone before anybody is told that the job is over, or may run it again.
      await this.#killScripts()
      await this.#end(outcome)
    } catch (error) {
      // What can't be written now is for the sweep: it finds the lease expired.
      if (!(error instanceof LeaseLostError)) {
        onLost(this.id, error)
        onError(error, `end job ${this.id}`)
      }
    } finally {
      this.#stopRestTimer()
      await this.#killScripts()
    }
  }

  /** Runs the work; when it must stop, waits for it no longer than its grace. */
  async #work(): Promise<Outcome> {
    const work = this.#callRun().then(
      (result): Outcome => ({ result }),
      (error: unknown): Outcome => ({ error }),
    )
    const { signal } = this.#stop
    const stopped = new Promise<Outcome>((resolve) => {
      const wait = () => {
        this.#options.clock.after(this.#graceMs(), () => resolve({ error: signal.reason }))
      }
      signal.addEventListener('abort', wait, { once: true })
    })
    return Promise.race([work, stopped])
  }

  #graceMs(): number {
    // When the lease is lost, another may be at the work already: nothing is waited for.
    return this.#stopKind() === 'lease_lost' ? 0 : (this.#options.type.graceMs ?? DEFAULT_GRACE_MS)
  }

  async #callRun(): Promise<Json | void> {
    const { type, claim } = this.#options
    const input = await type.input.safeParseAsync(claim.job.input)
    if (!input.success)
      throw new JobFailure('invalid_input', `The input does not fit the job type: ${input.error.message}`, { retryable: false })
    const ctx = this.#context.api
    if (type.thread !== undefined)
      return runInThread({
        module: type.thread,
        input: input.data as Json,
        ctx,
        gate: this.#gate,
        draining: this.#drain.signal,
        clock: this.#options.clock,
        graceMs: () => this.#graceMs(),
      })
    return type.run?.(input.data, ctx)
  }

  async #end(outcome: Outcome): Promise<void> {
    if (this.#writer.ended) return this.#writer.settled()
    const kind = this.#stopKind()
    if (kind === 'lease_lost') return
    if (kind === 'cancelled') {
      const data = { reason: this.#cancelWhy, details: detailsOf(outcome) }
      return this.#writer.write({ type: 'cancelled', data, state: { status: 'cancelled' } })
    }
    if ('result' in outcome) {
      const result = outcome.result ?? null
      try {
        return await this.#writer.write({ type: 'completed', data: { result }, state: { status: 'completed', result } })
      } catch (error) {
        return this.#fail(error)
      }
    }
    if (kind === 'rested') return this.#release('rested', 0, this.#options.claim.job.attempt)
    return kind === 'draining' ? this.#giveBackOrFail() : this.#fail(outcome.error)
  }

  async #fail(error: unknown): Promise<void> {
    const { claim, type } = this.#options
    if (error instanceof LeaseLostError) throw error
    // A writer that gave up on the store writes no more; the store may be there again by now.
    if (this.#isStuck(error)) this.#writer = this.#newWriter(this.#writer.committed)
    const jobError = toJobError(error)
    const retry = type.retry
    if (retry !== undefined && claim.job.attempt < retry.attempts && isRetryable(error)) {
      const delayMs = retryDelayMs(retry, claim.job.attempt)
      return this.#release('attempt_failed', delayMs, claim.job.attempt + 1, jobError)
    }
    await this.#writer.write({ type: 'failed', data: { error: jobError }, state: { status: 'failed', error: jobError } })
  }

  #isStuck(error: unknown): boolean {
    return error instanceof Error && error.name === 'StoreError'
  }

  /** Whether another run may take over where this one is. */
  get #canGoOn(): boolean {
    return this.#context.saved !== undefined || this.#options.type.maxRecoveries !== 0
  }

  /** The end of a drain: work that can go on elsewhere is given back, other work fails with a reason. */
  async #giveBackOrFail(): Promise<void> {
    const { claim } = this.#options
    if (this.#canGoOn) {
      return this.#release('server_stopped', 0, claim.job.attempt)
    }
    const error: JobError = { code: 'server_stopped', message: 'The server was stopped, and the job can not go on elsewhere.' }
    await this.#writer.write({ type: 'failed', data: { error }, state: { status: 'failed', error } })
  }

  /** The event says when by this node's clock; what counts is the store's. */
  #release(reason: string, delayMs: number, attempt: number, error?: JobError, checkpoint?: Json): Promise<void> {
    const runAt = new Date(this.#options.clock.now() + delayMs)
    return this.#writer.write({
      type: 'released',
      data: { reason, runAt: runAt.toISOString(), error },
      release: { delayMs, reason, attempt },
      ...(checkpoint !== undefined && { checkpoint }),
    })
  }

  #stopKind(): StopReason['kind'] | undefined {
    const { reason } = this.#stop.signal
    return reason instanceof StopReason ? reason.kind : undefined
  }

  async #giveBack(): Promise<void> {
    const { claim } = this.#options
    if (this.#writer.ended) await this.#writer.settled()
    else await this.#release('server_stopped', 0, claim.job.attempt)
    this.endDrain()
  }
}

type Outcome = { readonly result: Json | void } | { readonly error: unknown }

/** What a JobFailure says beside its message: for the last event of a cancelled job, which has no error. */
function detailsOf(outcome: Outcome): Json | undefined {
  return 'error' in outcome && outcome.error instanceof JobFailure ? fittingDetails(outcome.error) : undefined
}
