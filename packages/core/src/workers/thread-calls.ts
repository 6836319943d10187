import type { JobContext } from '../jobs/context.js'
import type { BlobRef } from '../store/blob-store.js'
import { ChunkQueue } from './chunk-queue.js'
import type { FromThread } from './messages.js'

type Call = Exclude<FromThread, { what: 'result' | 'error' }>

interface Put {
  readonly chunks: ChunkQueue
  readonly ref: Promise<BlobRef>
}

/** Does at the engine's side what a job's thread asks for. */
export class ThreadCalls {
  readonly #ctx: JobContext
  readonly #acknowledge: (bytes: number) => void
  readonly #puts = new Map<number, Put>()
  readonly #reads = new Map<number, AsyncIterator<Uint8Array>>()

  /** @param acknowledge gives back credit for events that are committed, in bytes */
  constructor(ctx: JobContext, acknowledge: (bytes: number) => void) {
    this.#ctx = ctx
    this.#acknowledge = acknowledge
  }

  async answer(call: Call): Promise<Uint8Array | BlobRef | null | undefined> {
    switch (call.what) {
      case 'events':
        return this.#events(call)
      case 'pause-point':
        await this.#ctx.pausePoint()
        return undefined
      case 'put-chunk':
        return this.#put(call.put, call.chunk)
      case 'read-chunk':
        return this.#read(call)
      case 'close-read':
        await this.#reads.get(call.read)?.return?.()
        this.#reads.delete(call.read)
        return undefined
    }
  }

  /** The thread is gone: what it left half done is dropped. */
  close(): void {
    for (const { chunks } of this.#puts.values()) chunks.fail(new Error('The thread ended before the blob was complete.'))
    for (const read of this.#reads.values()) void read.return?.()
  }

  async #events(call: Extract<Call, { what: 'events' }>): Promise<undefined> {
    try {
      await Promise.all(
        call.events.map(({ kind, type, data, ...saved }) =>
          kind === 'progress'
            ? this.#ctx.progress(data as unknown as Parameters<JobContext['progress']>[0])
            : this.#ctx.emit(type, data, saved),
        ),
      )
    } finally {
      this.#acknowledge(call.bytes)
    }
  }

  async #put(id: number, chunk: Uint8Array | null): Promise<BlobRef | undefined> {
    let put = this.#puts.get(id)
    if (put === undefined) {
      const chunks = new ChunkQueue()
      put = { chunks, ref: this.#ctx.blobs.put(chunks) }
      // Its failure is told when the thread sends its next chunk.
      put.ref.catch((error: unknown) => chunks.fail(error))
      this.#puts.set(id, put)
    }
    if (chunk !== null) {
      await put.chunks.push(chunk)
      return undefined
    }
    put.chunks.end()
    this.#puts.delete(id)
    return put.ref
  }

  async #read({ read, ref, range }: Extract<Call, { what: 'read-chunk' }>): Promise<Uint8Array | null> {
    let iterator = this.#reads.get(read)
    if (iterator === undefined) {
      iterator = this.#ctx.blobs.read(ref, range)[Symbol.asyncIterator]()
      this.#reads.set(read, iterator)
    }
    const next = await iterator.next()
    if (next.done !== true) return next.value
    this.#reads.delete(read)
    return null
  }
}
