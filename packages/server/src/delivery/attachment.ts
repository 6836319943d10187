import type { Reset, Seq } from '@headway/protocol'
import type { Delivery } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import { Encoder, encoderOf } from './encode.js'
import type { Framing, Piece } from './encode.js'
import { Relay } from './relay.js'
import type { RelayTarget } from './relay.js'
import type { Outlet } from './outlet.js'
import type { AttachOptions, Attachment, AttachmentEnd } from './websocket-protocol.js'

/** The connection of an attachment. */
export interface AttachmentOwner {
  readonly open: boolean
  attachmentEnded(attachment: Attachment, how: AttachmentEnd['how']): void
}

/** One job's log on its way into a connection that carries several. */
export class LogAttachment<Chunk> implements Attachment, RelayTarget<Chunk> {
  readonly delivery: Delivery
  readonly encoder: Encoder<Chunk>
  readonly job: ImmutableJob
  readonly #outlet: Outlet<Chunk>
  readonly #resetTexts: AttachOptions['reset']
  readonly #relay: Relay<Chunk>
  #inLarge = false
  #over = false
  readonly #owner: AttachmentOwner
  readonly #told: AttachOptions['ended']

  constructor(delivery: Delivery, outlet: Outlet<Chunk>, owner: AttachmentOwner, options: AttachOptions) {
    const { job, cursor, dialect, envelope, reset } = options
    this.delivery = delivery
    this.#owner = owner
    this.#told = options.ended
    this.job = delivery.jobs.join(job)
    this.#outlet = outlet
    this.#resetTexts = reset
    this.encoder =
      envelope === undefined
        ? encoderOf(dialect, outlet.framing)
        : new Encoder({ encode: (event, of) => dialect.encode(event, of).map(envelope) }, outlet.framing)
    this.#relay = new Relay(this, cursor, job.head)
  }

  get framing(): Framing<Chunk> {
    return this.#outlet.framing
  }

  get after(): Seq {
    return this.#relay.sent
  }

  start(): void {
    this.#relay.start([])
  }

  reset(reset: Reset): readonly Piece<Chunk>[] {
    return this.encoder.encodeLoose(this.#resetTexts(reset, this.job).map((body) => ({ body })))
  }

  detach(): void {
    // A message that was begun must be finished: the next one would be taken for a part of it.
    if (this.#inLarge) this.#outlet.whenFree(() => this.abandon())
    else this.abandon()
  }

  /** Stops at once: the connection is closing. */
  abandon(): void {
    this.#end('detached')
  }

  ended(how: 'finished' | 'gone'): void {
    this.#end(how)
  }

  failed(error: unknown): void {
    if (!this.#over) this.delivery.onError(error, `sending the log of job ${this.job.id} to a connection`)
    this.#end('failed')
  }

  send(chunk: Chunk): Promise<void> | undefined {
    const wait = this.#outlet.turn(this)
    if (wait !== undefined) return this.#sendLater(wait, chunk)
    this.#outlet.write(chunk)
    return undefined
  }

  async hold(): Promise<boolean> {
    for (let wait = this.#outlet.turn(this); wait !== undefined; wait = this.#outlet.turn(this)) await wait
    if (this.#over) return false
    this.#outlet.hold(this)
    this.#inLarge = true
    return true
  }

  /** A message that was broken off keeps its hold: nothing can follow it but the end of the connection. */
  release(complete: boolean): void {
    if (!complete) return
    this.#inLarge = false
    this.#outlet.release()
  }

  async #sendLater(first: Promise<void>, chunk: Chunk): Promise<void> {
    for (let wait: Promise<void> | undefined = first; wait !== undefined; wait = this.#outlet.turn(this)) await wait
    if (!this.#over) this.#outlet.write(chunk)
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
