import type { JobId, Json, LogLevel, Progress } from '@headway/protocol'
import type { ScriptProcess, ScriptSpec } from '../process-host/script.js'
import type { BlobRef } from '../store/blob-store.js'

/** What `run` gets beside its input. */
export interface JobContext {
  readonly id: JobId
  readonly type: string
  /** 1 for the first run; failures of `run` raise it, lost workers do not. */
  readonly attempt: number
  /** The fencing token of this run: it grows whenever the job changes hands. */
  readonly epoch: number
  /** The last checkpoint of an earlier run, or undefined. */
  readonly saved: Json | undefined
  /** What the job type fixed when the job was created. */
  readonly definition: Json | undefined
  /**
   * Aborted when the work must stop: cancelled, drained, rested for too long or the lease was lost. `signal.reason` is a `StopReason`.
   */
  readonly signal: AbortSignal
  /**
   * Appends an event; resolves when it is committed. Calls need not be awaited one by one: what is emitted
   * during a commit goes together into the next, and a full buffer makes the promise wait, so await at least now and then.
   * With `checkpoint`, that is saved in the same transaction. With `progress`, so is how far the job is, for whoever asks for its status: the
   * event itself tells it to those who watch.
   */
  emit(type: string, data: Json, options?: EmitOptions): Promise<void>
  progress(progress: Progress): Promise<void>
  log(level: LogLevel, message: string): Promise<void>
  /**
   * Waits here while the job is paused; throws when it must stop. Where the server drains and a checkpoint is saved, the job is given back here.
   */
  pausePoint(): Promise<void>
  readonly blobs: JobBlobs
  /** Starts a program under the process host. It never outlives this run of the job. */
  spawn(script: ScriptSpec): Promise<ScriptProcess>
  /** Tells whether and when a job is paused and resumed, for work that can't wait in `pausePoint`. The answer unsubscribes. */
  onPause(listener: (paused: boolean) => void): () => void
}

/** What is saved with an event. */
export interface EmitOptions {
  readonly checkpoint?: Json
  readonly progress?: Progress
}

/** The blobs of one job. */
export interface JobBlobs {
  put(bytes: AsyncIterable<Uint8Array>): Promise<BlobRef>
  read(ref: BlobRef, range?: { readonly start?: number; readonly end?: number }): AsyncIterable<Uint8Array>
}

/** Why a job's signal was aborted. */
export class StopReason extends Error {
  override readonly name = 'StopReason'
  readonly kind: 'cancelled' | 'draining' | 'rested' | 'lease_lost'

  constructor(kind: StopReason['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}
