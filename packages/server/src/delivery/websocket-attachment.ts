import type { Reset, Seq } from '@headway/protocol'
import type { Delivery } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import { Encoder, encoderOf } from './encode.js'
import type { Piece } from './encode.js'
import { Relay } from './relay.js'
import type { RelayTarget } from './relay.js'
import { socketFraming } from './websocket-frames.js'
import type { Outlet } from './websocket-outlet.js'
import type { AttachOptions, Attachment, AttachmentEnd } from './websocket-protocol.js'

/** The session of an attachment. */
export interface AttachmentOwner {
  readonly open: boolean
  attachmentEnded(attachment: SocketAttachment, how: AttachmentEnd['how']): void
}

/** One job's log on its way into a socket. */
export class SocketAttachment implements Attachment, RelayTarget<Buffer> {
  readonly delivery: Delivery
  readonly encoder: Encoder<Buffer>
  readonly framing = socketFraming
  readonly job: ImmutableJob
  readonly #outlet: Outlet
  readonly #resetTexts: AttachOptions['reset']
  readonly #relay: Relay<Buffer>
  #inLarge = false
  #over = false
  readonly #owner: AttachmentOwner
  readonly #told: AttachOptions['ended']

  constructor(delivery: Delivery, outlet: Outlet, owner: AttachmentOwner, options: AttachOptions) {
    const { job, cursor, dialect, envelope, reset } = options
    this.delivery = delivery
    this.#owner = owner
    this.#told = options.ended
    this.job = delivery.jobs.join(job)
    this.#outlet = outlet
    this.#resetTexts = reset
    this.encoder =
      envelope === undefined
        ? encoderOf(dialect, socketFraming)
        : new Encoder({ encode: (event, of) => dialect.encode(event, of).map(envelope) }, socketFraming)
    this.#relay = new Relay(this, cursor, job.head)
  }

  get after(): Seq {
    return this.#relay.sent
  }

  start(): void {
    this.#relay.start([])
  }

  reset(reset: Reset): readonly Piece<Buffer>[] {
    return this.encoder.encodeLoose(this.#resetTexts(reset, this.job).map((body) => ({ body })))
  }

  detach(): void {
    // A message that was begun must be finished: the next one would be taken for a part of it.
    if (this.#inLarge) this.#outlet.whenFree(() => this.abandon())
    else this.abandon()
  }

  /** Stops at once: the socket is closing. */
  abandon(): void {
    this.#end('detached')
  }

  ended(how: 'finished' | 'gone'): void {
    this.#end(how)
  }

  failed(error: unknown): void {
    if (!this.#over) this.delivery.onError(error, `sending the log of job ${this.job.id} to a socket`)
    this.#end('failed')
  }

  send(frames: Buffer): Promise<void> | undefined {
    const wait = this.#outlet.turn(this)
    if (wait !== undefined) return this.#sendLater(wait, frames)
    this.#outlet.write(frames)
    return undefined
  }

  async hold(): Promise<boolean> {
    for (let wait = this.#outlet.turn(this); wait !== undefined; wait = this.#outlet.turn(this)) await wait
    if (this.#over) return false
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
    if (!this.#over) this.#outlet.write(frames)
  }

  #end(how: AttachmentEnd['how']): void {
    if (this.#over) return
    this.#over = true
    this.#relay.stop()
    this.delivery.jobs.leave(this.job.id)
    this.#owner.attachmentEnded(this, how)
    if (this.#owner.open) this.#told?.({ how, after: this.#relay.after })
  }
}
