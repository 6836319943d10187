import type { Delivery } from './delivery.js'
import { Encoder, encoderOf } from './encode.js'
import { relay } from './relay.js'
import type { RelayTarget } from './relay.js'
import { socketFraming } from './websocket-frames.js'
import type { Outlet } from './websocket-outlet.js'
import type { AttachOptions, Attachment, AttachmentEnd } from './websocket-protocol.js'

/** One job's log on its way into a socket. */
export class SocketAttachment implements Attachment, RelayTarget<Buffer> {
  readonly done: Promise<AttachmentEnd>
  readonly #outlet: Outlet
  readonly #controller = new AbortController()
  #inLarge = false

  constructor(delivery: Delivery, outlet: Outlet, options: AttachOptions) {
    this.#outlet = outlet
    this.done = this.#run(delivery, options)
  }

  detach(): void {
    // A message that was begun must be finished: the next one would be taken for a part of it.
    if (this.#inLarge) this.#outlet.whenFree(() => this.#controller.abort())
    else this.#controller.abort()
  }

  /** Stops at once: the socket is closing. */
  abandon(): void {
    this.#controller.abort()
  }

  send(frames: Buffer): Promise<void> | undefined {
    const wait = this.#outlet.turn(this)
    if (wait !== undefined) return this.#sendLater(wait, frames)
    this.#outlet.write(frames)
    return undefined
  }

  async hold(): Promise<boolean> {
    for (let wait = this.#outlet.turn(this); wait !== undefined; wait = this.#outlet.turn(this)) await wait
    if (this.#controller.signal.aborted) return false
    this.#outlet.hold(this)
    this.#inLarge = true
    return true
  }

  /** A message that was broken off keeps its hold: nothing can follow it but the end of the socket. */
  release(complete: boolean): void {
    if (!complete) return
    this.#inLarge = false
    this.#outlet.release()
  }

  async #sendLater(first: Promise<void>, frames: Buffer): Promise<void> {
    for (let wait: Promise<void> | undefined = first; wait !== undefined; wait = this.#outlet.turn(this)) await wait
    if (!this.#controller.signal.aborted) this.#outlet.write(frames)
  }

  async #run(delivery: Delivery, options: AttachOptions): Promise<AttachmentEnd> {
    const { job, cursor, dialect, envelope, reset } = options
    const encoder =
      envelope === undefined
        ? encoderOf(dialect, socketFraming)
        : new Encoder({ encode: (event, of) => dialect.encode(event, of).map(envelope) }, socketFraming)
    try {
      const { how, after } = await relay({
        engine: delivery.engine,
        job,
        cursor,
        encoder,
        framing: socketFraming,
        target: this,
        reset: (said) => encoder.encodeLoose(reset(said).map((body) => ({ body }))),
        signal: this.#controller.signal,
      })
      return { how: how === 'aborted' ? 'detached' : how, after }
    } catch (error) {
      delivery.onError(error, `sending the log of job ${job.id} to a socket`)
      return { how: 'failed', after: cursor.after }
    }
  }
}
