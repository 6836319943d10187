import type { LogLevel, Progress } from '@headway/protocol'
import { JobFailure } from '../errors.js'
import type { JobContext } from '../jobs/context.js'
import { StopReason } from '../jobs/context.js'
import type { BlobRef } from '../store/blob-store.js'
import { BLOB_CHUNK_BYTES, COMMANDS, CONTROL, EVENT_CREDIT_BYTES, stopKindOf } from './messages.js'
import type { FromThread, ThreadEvent, ThreadStart, ToThread } from './messages.js'
import { Deferred } from '../deferred.js'
import { fromThreadError } from './thread-error.js'

/** Events go out when they are so many bytes together, or so old, or when the thread comes to rest. */
const BATCH_BYTES = 32 * 1024
const BATCH_AGE_MS = 20

type Answer = Extract<ToThread, { what: 'answer' }>['value']
type Ask = Extract<FromThread, { id: number }>
/** The members of each kind of call, without its id. */
type WithoutId<Call> = Call extends unknown ? Omit<Call, 'id'> : never

/** The `ctx` of a job that runs in a thread: every call goes to the engine's side as a message. */
export class ThreadContext {
  readonly api: JobContext
  readonly #send: (message: FromThread) => void
  readonly #words: Int32Array
  readonly #stop = new AbortController()
  readonly #calls = new Map<number, { resolve: (value: Answer) => void; reject: (error: unknown) => void }>()
  #nextId = 1
  #batch: ThreadEvent[] = []
  #batchBytes = 0
  #batchSince = 0
  #batchDone = new Deferred()
  #timer: NodeJS.Immediate | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(start: ThreadStart, send: (message: FromThread) => void) {
    this.#send = send
    this.#words = new Int32Array(start.control)
    this.api = {
      ...start.job,
      signal: this.#stop.signal,
      emit: (type, data, options) => this.#emit({ kind: 'event', type, data, ...options }),
      progress: (progress: Progress) => this.#emit({ kind: 'progress', type: 'progress', data: { ...progress } }),
      log: (level: LogLevel, message) => this.#emit({ kind: 'event', type: 'log', data: { level, message } }),
      pausePoint: () => this.#pausePoint(),
      blobs: { put: (bytes) => this.#put(bytes), read: (ref, range) => this.#read(ref, range) },
      spawn: () =>
        Promise.reject(new JobFailure('not_in_thread', 'A job that runs in a thread can not start programs.', { retryable: false })),
      onPause: () => {
        throw new JobFailure('not_in_thread', 'A job that runs in a thread pauses at pausePoint().', { retryable: false })
      },
    }
  }

  receive(message: ToThread): void {
    if (message.what === 'stop') {
      this.#abort(new StopReason(message.kind, message.message))
      return
    }
    const call = this.#calls.get(message.id)
    this.#calls.delete(message.id)
    if (message.what === 'answer') call?.resolve(message.value)
    else call?.reject(fromThreadError(message.error))
  }

  /** Resolves when all that was emitted is committed. */
  async flushed(): Promise<void> {
    this.#flush()
    await this.#last
  }

  #abort(reason: StopReason): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(reason)
  }

  #ask(call: WithoutId<Ask>): Promise<Answer> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject })
      this.#send({ ...call, id })
    })
  }

  #emit(event: ThreadEvent): Promise<void> {
    const bytes = 64 + JSON.stringify(event.data ?? null).length
    if (this.#batch.length === 0) this.#batchSince = performance.now()
    this.#batch.push(event)
    this.#batchBytes += bytes
    const done = this.#batchDone.promise
    if (event.checkpoint !== undefined || this.#batchBytes >= BATCH_BYTES || performance.now() - this.#batchSince >= BATCH_AGE_MS)
      this.#flush()
    else this.#timer ??= setImmediate(() => this.#flush())
    return done
  }

  /** Sends what waits. A thread that is too far ahead of the commits stands still here, which costs nobody else anything. */
  #flush(): void {
    if (this.#timer !== undefined) clearImmediate(this.#timer)
    this.#timer = undefined
    if (this.#batch.length === 0) return
    const events = this.#batch
    const bytes = this.#batchBytes
    this.#batch = []
    this.#batchBytes = 0
    const done = this.#batchDone
    this.#batchDone = new Deferred()
    Atomics.add(this.#words, CONTROL.unacknowledged, bytes)
    this.#ask({ what: 'events', bytes, events }).then(() => done.resolve(), done.reject)
    this.#last = Promise.all([this.#last, done.promise])
    this.#last.catch(() => undefined)
    for (;;) {
      const waiting = Atomics.load(this.#words, CONTROL.unacknowledged)
      if (waiting <= EVENT_CREDIT_BYTES || stopKindOf(Atomics.load(this.#words, CONTROL.command)) !== undefined) return
      Atomics.wait(this.#words, CONTROL.unacknowledged, waiting, 1000)
    }
  }

  async #pausePoint(): Promise<void> {
    if (this.#command() === COMMANDS.pause) {
      this.#flush()
      this.#ask({ what: 'pause-point' }).catch(() => undefined)
      // Standing still needs no messages, so that even a job that never yields can pause.
      while (this.#command() === COMMANDS.pause) Atomics.wait(this.#words, CONTROL.command, COMMANDS.pause)
    }
    if (Atomics.load(this.#words, CONTROL.draining) === 1 && stopKindOf(this.#command()) === undefined) {
      this.#flush()
      // The engine knows whether a checkpoint is saved. Where it is, it gives the job back, refuses this and tells the thread to stop.
      await this.#ask({ what: 'pause-point' }).catch((error: unknown) => {
        if (stopKindOf(this.#command()) === undefined) throw error
      })
    }
    const kind = stopKindOf(this.#command())
    if (kind !== undefined) this.#abort(new StopReason(kind, 'The job must stop.'))
    this.#stop.signal.throwIfAborted()
  }

  #command(): number {
    return Atomics.load(this.#words, CONTROL.command)
  }

  async #put(bytes: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    const put = this.#nextId++
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.byteLength; at += BLOB_CHUNK_BYTES) {
        await this.#ask({ what: 'put-chunk', put, chunk: chunk.slice(at, at + BLOB_CHUNK_BYTES) })
      }
    }
    return (await this.#ask({ what: 'put-chunk', put, chunk: null })) as BlobRef
  }

  async *#read(ref: BlobRef, range?: { start?: number; end?: number }): AsyncGenerator<Uint8Array, void, void> {
    const read = this.#nextId++
    let ended = false
    try {
      for (;;) {
        const chunk = (await this.#ask({ what: 'read-chunk', read, ref, ...(range !== undefined && { range }) })) as Uint8Array | null
        if (chunk === null) {
          ended = true
          return
        }
        yield chunk
      }
    } finally {
      if (!ended) await this.#ask({ what: 'close-read', read })
    }
  }
}
