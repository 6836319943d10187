import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { StoredJob } from '@headway/core'
import type { Reset } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { Dialect, ImmutableJob } from './dialect.js'
import { encoderOf } from './encode.js'
import type { Encoder, Framing, Piece } from './encode.js'
import type { HttpChunk } from './http-chunk.js'
import { beginStream, drainOf, writeChunk } from './http-write.js'
import { Relay } from './relay.js'
import type { RelayTarget } from './relay.js'
import { comebackMs } from './settings.js'
import type { Transport } from './transports.js'
import type { Watcher } from './watchers.js'

/** What differs between the streams over HTTP. */
export interface StreamFormat {
  readonly transport: Transport
  readonly contentType: string
  readonly framing: Framing<HttpChunk>
  readonly heartbeat: HttpChunk
  /** Said when the stream begins, and when the server ends it before its time; absent where there are no words for it. */
  readonly retry?: (ms: number) => HttpChunk
}

export interface HttpStreamOptions {
  readonly delivery: Delivery
  readonly format: StreamFormat
  readonly dialect: Dialect
  readonly heartbeatMs?: number | undefined
  /** Ends the stream with `message` when its job had no news for so long, in milliseconds. */
  readonly idle?: { readonly ms: number; readonly message: HttpChunk } | undefined
}

/** Headers of every stream: nothing between here and the client may keep it, change it or hold it back. */
export function streamHeaders(format: Pick<StreamFormat, 'contentType'>): OutgoingHttpHeaders {
  return { 'Content-Type': format.contentType, 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' }
}

/** One response that shows a job's log while it grows. There can be very many: each field counts. */
export class HttpStream implements RelayTarget<HttpChunk>, Watcher {
  readonly delivery: Delivery
  readonly encoder: Encoder<HttpChunk>
  readonly job: ImmutableJob
  readonly #format: StreamFormat
  readonly #dialect: Dialect
  readonly #heartbeatMs: number
  readonly #idle: HttpStreamOptions['idle']
  readonly #socket: IncomingMessage['socket']
  readonly #response: ServerResponse
  readonly #relay: Relay<HttpChunk>
  #sentAt = 0
  #newsAt = 0
  /** Wakes who waits for room in the socket. */
  #wake: (() => void) | undefined
  #inLarge = false
  /** The drain came within a large message: what to say after it. */
  #leaving: number | undefined
  #over = false

  private constructor(request: IncomingMessage, response: ServerResponse, job: StoredJob, cursor: Cursor, options: HttpStreamOptions) {
    this.delivery = options.delivery
    this.encoder = encoderOf(options.dialect, options.format.framing)
    this.job = options.delivery.jobs.join(job)
    this.#format = options.format
    this.#dialect = options.dialect
    this.#heartbeatMs = options.heartbeatMs ?? options.delivery.settings.heartbeatMs
    this.#idle = options.idle
    this.#relay = new Relay(this, cursor, job.head)
    this.#response = response
    this.#socket = request.socket
  }

  /** Sends the log until its end, or until the client or the server leaves. `writeHead` must have been called. */
  static start(request: IncomingMessage, response: ServerResponse, job: StoredJob, cursor: Cursor, options: HttpStreamOptions): void {
    if (!request.socket.destroyed) new HttpStream(request, response, job, cursor, options).#start(job)
  }

  get transport(): Transport {
    return this.#format.transport
  }

  get framing(): Framing<HttpChunk> {
    return this.#format.framing
  }

  reset(reset: Reset): readonly Piece<HttpChunk>[] {
    return this.encoder.encodeLoose(this.#dialect.reset(reset))
  }

  send(chunk: HttpChunk): Promise<void> | undefined {
    if (this.#over || chunk.empty) return undefined
    this.#sentAt = this.#newsAt = this.delivery.watchers.now
    return this.#write(chunk) ? undefined : this.#room()
  }

  hold(): boolean {
    this.#inLarge = !this.#over
    return this.#inLarge
  }

  release(complete: boolean): void {
    if (!complete) return
    this.#inLarge = false
    if (this.#leaving !== undefined) this.leave(this.#leaving)
  }

  ended(): void {
    this.#end()
  }

  failed(error: unknown): void {
    if (this.#over) return
    this.delivery.onError(error, `sending the log of job ${this.job.id}`)
    // Within a large message there is no place for more words: the client sees a broken message and throws it away.
    if (this.#inLarge) this.destroy()
    else this.#end(this.#format.retry?.(comebackMs(this.delivery.settings)))
  }

  tick(now: number): void {
    // Whoever is slow to read gets nothing on top of what waits already.
    if (this.#wake !== undefined || this.#inLarge) return
    if (this.#idle !== undefined && now - this.#newsAt >= this.#idle.ms) return this.#end(this.#idle.message)
    if (now - this.#sentAt < this.#heartbeatMs) return
    this.#sentAt = now
    this.#write(this.#format.heartbeat)
  }

  leave(retryMs: number): void {
    this.#leaving = retryMs
    if (!this.#inLarge) this.#end(this.#format.retry?.(retryMs))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #start(job: StoredJob): void {
    const { watchers, settings } = this.delivery
    this.#socket.on('close', this.#closed)
    watchers.add(this)
    this.#sentAt = this.#newsAt = watchers.now
    beginStream(this.#response, this.#socket)
    if (this.#format.retry !== undefined) this.#write(this.#format.retry(settings.retryMs))
    this.#relay.start(this.encoder.encodeLoose(this.#dialect.preamble?.(job) ?? []))
  }

  #write(chunk: HttpChunk): boolean {
    return writeChunk(this.#response, this.#socket, chunk)
  }

  /** Waits until the socket takes more, or the stream is over. Nothing is awaited before the listener stands, so no event is missed. */
  #room(): Promise<void> {
    const emitter = drainOf(this.#response, this.#socket)
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
      emitter.once('drain', this.#wake)
    })
  }

  #end(last?: HttpChunk): void {
    if (this.#over) return
    this.#stop()
    if (last !== undefined) this.#write(last)
    this.#response.end(() => {
      this.#socket.off('close', this.#closed)
      this.delivery.watchers.delete(this)
    })
  }

  #stop(): void {
    if (this.#over) return
    this.#over = true
    this.delivery.jobs.leave(this.job.id)
    this.#relay.stop()
    this.#wake?.()
  }

  readonly #closed = (): void => {
    this.#stop()
    this.delivery.watchers.delete(this)
  }
}
