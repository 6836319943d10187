import type { Reset } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import { Encoder, encoderOf } from './encode.js'
import type { Piece } from './encode.js'
import { relay } from './relay.js'
import type { RelayTarget } from './relay.js'
import { socketFraming } from './websocket-frames.js'
import type { Outlet } from './websocket-outlet.js'
import type { AttachOptions, Attachment, AttachmentEnd } from './websocket-protocol.js'

/** One job's log on its way into a socket. */
export class SocketAttachment implements Attachment, RelayTarget<Buffer> {
  readonly done: Promise<AttachmentEnd>
  readonly delivery: Delivery
  readonly encoder: Encoder<Buffer>
  readonly framing = socketFraming
  readonly job: ImmutableJob
  readonly #outlet: Outlet
  readonly #resetTexts: AttachOptions['reset']
  readonly #controller = new AbortController()
  #inLarge = false

  constructor(delivery: Delivery, outlet: Outlet, { job, cursor, dialect, envelope, reset }: AttachOptions) {
    this.delivery = delivery
    this.job = delivery.jobs.join(job)
    this.#outlet = outlet
    this.#resetTexts = reset
    this.encoder =
      envelope === undefined
        ? encoderOf(dialect, socketFraming)
        : new Encoder({ encode: (event, of) => dialect.encode(event, of).map(envelope) }, socketFraming)
    this.done = this.#run(cursor)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  reset(reset: Reset): readonly Piece<Buffer>[] {
    return this.encoder.encodeLoose(this.#resetTexts(reset).map((body) => ({ body })))
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

  async #run(cursor: Cursor): Promise<AttachmentEnd> {
    try {
      const { how, after } = await relay(this, cursor, [])
      return { how: how === 'aborted' ? 'detached' : how, after }
    } catch (error) {
      this.delivery.onError(error, `sending the log of job ${this.job.id} to a socket`)
      return { how: 'failed', after: cursor.after }
    } finally {
      this.delivery.jobs.leave(this.job.id)
    }
  }
}
