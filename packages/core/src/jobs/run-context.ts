import type { Json, LogLevel } from '@headway/protocol'
import { EVENT_TYPE_PATTERN, RESERVED_EVENT_TYPES } from '@headway/protocol'
import { unheeded } from '../deferred.js'
import { JobFailure } from '../errors.js'
import type { ProcessHost, ScriptProcess, ScriptSpec } from '../process-host/script.js'
import type { BlobStore } from '../store/blob-store.js'
import type { Claim } from '../store/job-store.js'
import type { EmitOptions, JobContext } from './context.js'
import type { Entry, JobWriter } from './job-writer.js'
import type { PauseGate } from './pause-gate.js'

export interface RunContextOptions {
  readonly claim: Claim
  /** For `HEADWAY_RUN`. */
  readonly runName: string
  readonly writer: JobWriter
  readonly blobs: BlobStore
  readonly processHost: ProcessHost | undefined
  readonly leaseLeftMs: () => number
  readonly gate: PauseGate
  /** Aborted when the work must stop. */
  readonly stop: AbortSignal
  /** Aborted when the job is to be given back where it can go on from. */
  readonly draining: AbortSignal
  /** Gives the job back; `stop` is aborted after it. */
  readonly giveBack: () => Promise<void>
}

/** What one run of a job gives to its work, and what it must know of what the work did with it. */
export class RunContext {
  readonly api: JobContext
  readonly #options: RunContextOptions
  #saved: Json | undefined
  #spawned = false
  /** The last type of event that was found to be allowed: most are like the one before. */
  #allowedType: string | undefined

  constructor(options: RunContextOptions) {
    const { claim, stop, writer, blobs, gate } = options
    const { job } = claim
    this.#options = options
    this.#saved = claim.saved
    this.api = {
      id: job.id,
      type: job.type,
      attempt: job.attempt,
      epoch: claim.lease.epoch,
      saved: claim.saved,
      definition: job.definition,
      signal: stop,
      emit: (type, data, more = {}) => this.#emit(type, data, more),
      progress: (progress) => writer.write({ type: 'progress', data: { ...progress }, state: { progress } }),
      log: (level: LogLevel, message) => writer.write({ type: 'log', data: { level, message } }),
      pausePoint: () => this.#pausePoint(),
      blobs: { put: (bytes) => blobs.put(job.id, bytes), read: (ref, range) => blobs.read(ref, range) },
      spawn: (script) => this.#spawn(script),
      onPause: (listener) => gate.listen(listener),
    }
  }

  /** The last checkpoint that is committed. */
  get saved(): Json | undefined {
    return this.#saved
  }

  /** Whether the work started a program. */
  get spawned(): boolean {
    return this.#spawned
  }

  /** What it gives is the promise of the whole commit: thousands of events a second have no promise of their own. */
  #emit(type: string, data: Json, { checkpoint, progress }: EmitOptions): Promise<void> {
    if (type !== this.#allowedType) {
      if (RESERVED_EVENT_TYPES.has(type) || !EVENT_TYPE_PATTERN.test(type)) {
        const message = `"${type}" can't be the name of an event: it is reserved, or has characters that are not allowed.`
        return unheeded(Promise.reject(new JobFailure('invalid_event', message, { retryable: false })))
      }
      this.#allowedType = type
    }
    const entry = { type, data, ...(progress !== undefined && { state: { progress } }) }
    if (checkpoint === undefined) return this.#options.writer.write(entry)
    return unheeded(this.#writeCheckpoint({ ...entry, checkpoint }))
  }

  async #writeCheckpoint(entry: Entry & { readonly checkpoint: Json }): Promise<void> {
    const { writer, draining, giveBack, stop } = this.#options
    await writer.write(entry)
    this.#saved = entry.checkpoint
    if (!draining.aborted) return
    await giveBack()
    throw stop.reason
  }

  async #pausePoint(): Promise<void> {
    const { gate, stop, draining, giveBack } = this.#options
    await gate.wait(stop)
    if (draining.aborted && this.#saved !== undefined) await giveBack()
    stop.throwIfAborted()
  }

  async #spawn(script: ScriptSpec): Promise<ScriptProcess> {
    const { processHost, stop, runName, leaseLeftMs } = this.#options
    if (processHost === undefined)
      throw new JobFailure('no_process_host', 'This engine was made without a process host.', { retryable: false })
    stop.throwIfAborted()
    this.#spawned = true
    return processHost.start(runName, script, leaseLeftMs())
  }
}
