import type { JobId, Json, Seq } from '@headway/protocol'
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock } from '../clock.js'
import { Deferred, unheeded } from '../deferred.js'
import { toJsonText } from '../engine.js'
import { JobFailure, LeaseLostError, StoreError } from '../errors.js'
import { LogEvent } from '../events/log-event.js'
import type { Append, JobState, JobStore, Lease } from '../store/job-store.js'
import type { Turns } from './turns.js'

/** What goes into the log in one transaction. */
export interface Entry {
  readonly type: string
  readonly data: Json | undefined
  readonly checkpoint?: Json
  readonly state?: JobState
  /** Makes this the run's last append. */
  readonly release?: NonNullable<Append['release']>
}

interface Batch {
  readonly events: LogEvent[]
  bytes: number
  checkpoint?: Json
  state?: JobState
  release?: NonNullable<Append['release']>
  readonly done: Deferred
}

export interface JobWriterOptions {
  readonly store: Pick<JobStore, 'append'>
  readonly lease: Lease
  readonly head: Seq
  readonly clock: Clock
  /** Shared by all writers of a worker. */
  readonly turns: Turns
  /** Told of what was committed, in order. */
  readonly onCommitted: (id: JobId, events: readonly LogEvent[], closed: boolean) => void
  readonly limits?: JobWriterLimits
}

export interface JobWriterLimits {
  /** One append holds at most so many bytes of events, unless one event is larger. */
  readonly batchBytes: number
  /** What may wait for its commit, in bytes, before `emit` refuses more. */
  readonly pendingBytes: number
  /** For how long an append is tried again while the store is not there. */
  readonly storeRetryMs: number
}

export const DEFAULT_WRITER_LIMITS: JobWriterLimits = {
  batchBytes: 1024 * 1024,
  pendingBytes: 16 * 1024 * 1024,
  storeRetryMs: 30_000,
}

/** What an event costs beside its bytes, in bytes that take as long. */
const EVENT_COST = 256

const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 2000

/**
 * Writes one run's events to its job's log. One append is under way at a time; what is written meanwhile goes
 * together into the next. After the first error nothing more is written, and every later call fails with that error.
 */
export class JobWriter {
  readonly #options: JobWriterOptions
  readonly #limits: JobWriterLimits
  readonly #batches: Batch[] = []
  #next: Seq
  #committed: Seq
  #pendingBytes = 0
  #running = false
  #flight: Batch | undefined
  #error: Error | undefined
  #ended = false

  constructor(options: JobWriterOptions) {
    this.#options = options
    this.#limits = options.limits ?? DEFAULT_WRITER_LIMITS
    this.#next = options.head + 1
    this.#committed = options.head
  }

  /** The seq of the last event that is certainly in the log. */
  get committed(): Seq {
    return this.#committed
  }

  /** Whether the run's last entry was written. */
  get ended(): boolean {
    return this.#ended
  }

  /** Resolves when all that was written is committed; rejects as the last write does. */
  settled(): Promise<void> {
    return this.#batches.at(-1)?.done.promise ?? (this.#error === undefined ? Promise.resolve() : Promise.reject(this.#error))
  }

  /**
   * Writes an entry; resolves when it is committed. What goes into one commit shares one promise. Nobody has to heed it: a rejection
   * must not end the process, in which other jobs run.
   *
   * @throws (rejects with) LeaseLostError, StoreError, HeadwayError EVENT_TOO_LARGE, JobFailure `emit_overflow`
   */
  write(entry: Entry): Promise<void> {
    if (this.#error !== undefined) return unheeded(Promise.reject(this.#error))
    if (this.#ended) return unheeded(Promise.reject(new LeaseLostError(this.#options.lease.jobId)))
    if (this.#pendingBytes > this.#limits.pendingBytes) {
      const message = `More than ${this.#limits.pendingBytes} bytes of events wait for their commit; await what emit() gives.`
      return unheeded(Promise.reject(new JobFailure('emit_overflow', message)))
    }
    let event: LogEvent
    try {
      event = LogEvent.encode(this.#next, this.#options.clock.now(), entry.type, toJsonText(entry.data))
    } catch (error) {
      return unheeded(Promise.reject(error))
    }
    this.#next += 1
    const batch = this.#open(event.bytes)
    batch.events.push(event)
    batch.bytes += event.bytes
    this.#pendingBytes += event.bytes
    if (entry.checkpoint !== undefined) batch.checkpoint = entry.checkpoint
    if (entry.state !== undefined) batch.state = { ...batch.state, ...entry.state }
    if (entry.release !== undefined) batch.release = entry.release
    if (entry.release !== undefined || isEnd(entry.state)) this.#ended = true
    if (!this.#running) void this.#run()
    return batch.done.promise
  }

  /** Nothing more is written: what waits fails with `error`, and so does every later call. */
  abandon(error: Error): void {
    this.#error ??= error
    for (const batch of this.#batches.splice(0)) batch.done.reject(this.#error)
    this.#pendingBytes = 0
  }

  /** The batch that takes the next event: never the one that is under way. */
  #open(bytes: number): Batch {
    const last = this.#batches.at(-1)
    if (last !== undefined && last !== this.#flight && last.bytes + bytes <= this.#limits.batchBytes) return last
    const batch: Batch = { events: [], bytes: 0, done: new Deferred() }
    this.#batches.push(batch)
    return batch
  }

  async #run(): Promise<void> {
    this.#running = true
    // Events emitted in one go belong into one append: wait until the caller has said all that it has to say.
    await Promise.resolve()
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      this.#flight = batch
      try {
        await this.#append(batch)
      } catch (error) {
        this.abandon(error instanceof Error ? error : new Error(String(error)))
        break
      }
      const turn = this.#options.turns.take(batch.bytes + EVENT_COST * batch.events.length)
      if (turn !== undefined) await turn
      this.#batches.shift()
      this.#pendingBytes -= batch.bytes
      this.#committed += batch.events.length
      this.#options.onCommitted(this.#options.lease.jobId, batch.events, isEnd(batch.state))
      batch.done.resolve()
    }
    this.#running = false
  }

  async #append(batch: Batch): Promise<void> {
    const { store, lease, clock } = this.#options
    const append: Append = {
      lease,
      base: this.#committed,
      batchId: randomUUID(),
      events: batch.events,
      ...(batch.checkpoint !== undefined && { checkpoint: batch.checkpoint }),
      ...(batch.state !== undefined && { state: batch.state }),
      ...(batch.release !== undefined && { release: batch.release }),
    }
    // The time of day may be set meanwhile.
    const giveUpAt = performance.now() + this.#limits.storeRetryMs
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(delay * 2, LONGEST_RETRY_MS)) {
      try {
        const [result] = await store.append([append])
        if (result?.ok === true) return
        throw new LeaseLostError(lease.jobId)
      } catch (error) {
        // The outcome may be unknown; the batch id makes a repetition safe.
        const again = error instanceof StoreError && error.code !== 'closed' && this.#error === undefined && performance.now() < giveUpAt
        if (!again) throw error
        await new Promise<void>((resolve) => clock.after(delay, resolve))
      }
    }
  }
}

function isEnd(state: JobState | undefined): boolean {
  return state?.status === 'completed' || state?.status === 'failed' || state?.status === 'cancelled'
}
