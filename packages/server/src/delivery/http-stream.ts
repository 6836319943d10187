import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { StoredJob } from '@headway/core'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { Dialect } from './dialect.js'
import type { Encoder, Framing } from './encode.js'
import type { HttpChunk } from './http-chunk.js'
import { relay } from './relay.js'
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
  readonly job: StoredJob
  readonly dialect: Dialect
  readonly encoder: Encoder<HttpChunk>
  readonly cursor: Cursor
  readonly heartbeatMs: number
  /** Ends the stream with `message` when its job had no news for so long, in milliseconds. */
  readonly idle?: { readonly ms: number; readonly message: HttpChunk }
}

/** Headers of every stream: nothing between here and the client may keep it, change it or hold it back. */
export function streamHeaders(format: StreamFormat): OutgoingHttpHeaders {
  return { 'Content-Type': format.contentType, 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' }
}

/** One response that shows a job's log while it grows. */
export class HttpStream implements RelayTarget<HttpChunk>, Watcher {
  readonly transport: Transport
  readonly #options: HttpStreamOptions
  readonly #socket: IncomingMessage['socket']
  readonly #response: ServerResponse
  readonly #controller = new AbortController()
  #sentAt = 0
  #newsAt = 0
  /** Wakes who waits for room in the socket. */
  #wake: (() => void) | undefined
  #inLarge = false
  /** The drain came within a large message: what to say after it. */
  #leaving: number | undefined
  #over = false

  constructor(request: IncomingMessage, response: ServerResponse, options: HttpStreamOptions) {
    this.transport = options.format.transport
    this.#options = options
    this.#response = response
    this.#socket = request.socket
  }

  /** Sends the log until its end, or until the client or the server leaves. `writeHead` must have been called. */
  start(): void {
    const { delivery, format } = this.#options
    if (this.#socket.destroyed) return
    this.#socket.setNoDelay(true)
    this.#socket.once('close', this.#closed)
    delivery.watchers.add(this)
    this.#sentAt = this.#newsAt = delivery.watchers.now
    // The headers and the first words in one packet.
    this.#socket.cork()
    process.nextTick(() => this.#socket.uncork())
    this.#response.flushHeaders()
    if (format.retry !== undefined) this.#write(format.retry(delivery.settings.retryMs))
    void this.#run()
  }

  send(chunk: HttpChunk): Promise<void> | undefined {
    if (this.#over || chunk.empty) return undefined
    this.#sentAt = this.#newsAt = this.#options.delivery.watchers.now
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

  tick(now: number): void {
    const { idle, format, heartbeatMs } = this.#options
    // Whoever is slow to read gets nothing on top of what waits already.
    if (this.#wake !== undefined || this.#inLarge) return
    if (idle !== undefined && now - this.#newsAt >= idle.ms) return this.#end(idle.message)
    if (now - this.#sentAt < heartbeatMs) return
    this.#sentAt = now
    this.#write(format.heartbeat)
  }

  leave(retryMs: number): void {
    this.#leaving = retryMs
    if (!this.#inLarge) this.#end(this.#options.format.retry?.(retryMs))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  async #run(): Promise<void> {
    const { delivery, job, cursor, dialect, encoder, format } = this.#options
    try {
      await relay({
        engine: delivery.engine,
        job,
        cursor,
        encoder,
        framing: format.framing,
        target: this,
        preamble: encoder.encodeLoose(dialect.preamble?.(job) ?? []),
        reset: (reset) => encoder.encodeLoose(dialect.reset(reset)),
        signal: this.#controller.signal,
      })
      this.#end()
    } catch (error) {
      if (this.#over) return
      delivery.onError(error, `sending the log of job ${job.id}`)
      // Within a large message there is no place for more words: the client sees a broken message and throws it away.
      if (this.#inLarge) this.destroy()
      else this.#end(format.retry?.(comebackMs(delivery.settings)))
    }
  }
  #write(chunk: HttpChunk): boolean {
    return this.#direct ? this.#socket.write(chunk.framed) : this.#response.write(chunk.bytes)
  }

  /**
   * Whether ready chunks may go to the socket: the response is sent in chunks, and it is its turn on the connection (a pipelined
   * response has no socket yet).
   */
  get #direct(): boolean {
    return this.#response.chunkedEncoding && this.#response.socket === this.#socket
  }

  /** Waits until the socket takes more, or the stream is over. Nothing is awaited before the listener stands, so no event is missed. */
  #room(): Promise<void> {
    const emitter = this.#direct ? this.#socket : this.#response
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
      this.#options.delivery.watchers.delete(this)
    })
  }

  #stop(): void {
    this.#over = true
    this.#controller.abort()
    this.#wake?.()
  }

  readonly #closed = (): void => {
    this.#stop()
    this.#options.delivery.watchers.delete(this)
  }
}
