import { HeadwayError, HistoryGoneError } from '@headway/core'
import type { BlobStore, LogEvent } from '@headway/core'
import { TERMINAL_STATUSES } from '@headway/protocol'
import type { Reset, Seq } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import { LargeMessage } from './encode.js'
import type { Encoder, Framing, Piece } from './encode.js'
import type { LiveGroup } from './live-groups.js'
import { MAX_CHUNK_BYTES } from './settings.js'

/** A connection that shows one job's log. */
export interface RelayTarget<Chunk> {
  readonly delivery: Delivery
  readonly job: ImmutableJob
  readonly encoder: Encoder<Chunk>
  readonly framing: Framing<Chunk>
  /** A promise means that the reader is slow: nothing more is read until it resolves. */
  send(chunk: Chunk): Promise<void> | undefined
  /** A large message begins: nothing else may be sent until `release`. False: it is too late, nothing is to be sent. */
  hold(): Promise<boolean> | boolean
  /** It is over; `complete` is false when it was broken off, and the connection is of no more use. */
  release(complete: boolean): void
  reset(reset: Reset): readonly Piece<Chunk>[]
  /** The terminal event was sent, or the job was removed and a reset was sent. */
  ended(how: 'finished' | 'gone'): void
  /** The log can't be read, or not be shown: the connection is to be ended, the client comes back by itself. */
  failed(error: unknown): void
}

/**
 * Sends a job's log to one connection, from a cursor to its end, one piece at a time. It follows the log by itself until it is as far as
 * others that watch the same; then it is one of their group, until its reader is slow. History that is gone is said by
 * a reset, then it goes on with what is there.
 */
export class Relay<Chunk> {
  /** The last seq that was sent, or is on its way. */
  after: Seq
  /** The last seq of which everything was handed to the connection. */
  sent: Seq
  readonly #target: RelayTarget<Chunk>
  #skip: number
  /** Of the log when the watch began: whoever has not come so far is not at its end. */
  readonly #head: Seq
  /** A second loss without any news in between would go on for ever. */
  #lost = false
  #over = false
  /**
   * The terminal event was sent, or waits for the reader: then it is over, and nothing is read before that is said. A client that has the last
   * message may begin something new with its next one.
   */
  #atEnd = false
  /** Of the follow of its own; undefined in a group. */
  #controller: AbortController | undefined
  #group: LiveGroup<Chunk> | undefined

  /** @param head of the log as it was a moment ago */
  constructor(target: RelayTarget<Chunk>, cursor: Cursor, head: Seq) {
    this.#target = target
    this.#head = head
    this.after = cursor.after
    this.sent = cursor.after
    this.#skip = cursor.skip
  }

  /** @param preamble sent before the log */
  start(preamble: readonly Piece<Chunk>[]): void {
    const wait = this.#send(preamble)
    // A cursor beyond the head is for `follow` to find out.
    const exists = this.#skip === 0 && this.after <= this.#head
    if (wait !== undefined || !exists || !this.#join()) void this.#alone(wait)
  }

  /** Sends nothing more. */
  stop(): void {
    this.#over = true
    this.#controller?.abort()
    this.#quitGroup()
  }

  /**
   * Takes what the group is given.
   *
   * @param pieces what all of the events make
   */
  take(events: readonly LogEvent[], pieces: readonly Piece<Chunk>[]): void {
    const last = events.at(-1)?.seq ?? 0
    if (this.after >= last) return
    const fresh = events[0]?.seq === this.after + 1
    const mine = fresh ? pieces : this.#encode(events.filter(({ seq }) => seq > this.after))
    this.after = last
    this.#lost = false
    this.#atEnd = endsLog(events)
    const wait = this.#send(mine)
    if (wait !== undefined) return this.leaveGroup(wait)
    this.sent = last
    if (this.#atEnd) this.finish()
  }

  /** Goes on by itself: the group is no more, or `wait` is to be waited for. */
  leaveGroup(wait?: Promise<void>): void {
    this.#quitGroup()
    void this.#alone(wait)
  }

  /** All of the log was sent. */
  finish(): void {
    this.#quitGroup()
    this.#end('finished')
  }

  #quitGroup(): void {
    this.#group?.delete(this)
    this.#group = undefined
  }

  #join(): boolean {
    const { delivery, encoder, job } = this.#target
    this.#group = delivery.live.join(this, encoder, job, this.#head)
    return this.#group !== undefined
  }

  async #alone(first: Promise<void> | undefined): Promise<void> {
    const controller = new AbortController()
    this.#controller = controller
    let wait = first
    while (!this.#over) {
      try {
        if (wait !== undefined) await wait
        wait = undefined
        this.sent = this.after
        if (this.#atEnd) this.#end('finished')
        else if (await this.#follow(controller.signal)) break
      } catch (error) {
        await this.#recover(error)
      }
    }
    // By now the group may have sent it on its way again.
    if (this.#controller === controller) this.#controller = undefined
  }

  /** True: it is over, or it goes on in a group. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const { delivery, encoder, job } = this.#target
    if (this.#skip > 0) await this.#assertExists(this.after + 1)
    for await (const events of delivery.engine.follow(job.id, { after: this.after, signal })) {
      const wait = this.#send(this.#skip > 0 ? this.#encode(events) : encoder.encode(events, job))
      this.after = events.at(-1)?.seq ?? this.after
      this.#skip = 0
      this.#lost = false
      this.#atEnd = endsLog(events)
      if (wait !== undefined) await wait
      if (this.#over) return true
      this.sent = this.after
      if (this.#atEnd) break
      if (wait === undefined && this.#join()) return true
    }
    this.#end('finished')
    return true
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#over) return
    const loss = lossOf(error)
    if (loss === undefined || (this.#lost && loss.remains)) return this.#fail(error)
    try {
      if (!this.#lost) await this.#send(this.#target.reset(loss.reset))
    } catch (failure) {
      return this.#fail(failure)
    }
    if (!loss.remains) return this.#end('gone')
    this.#lost = true
    this.#skip = 0
    this.after = loss.reset.after
  }

  #end(how: 'finished' | 'gone'): void {
    if (this.#over) return
    this.#over = true
    this.#target.ended(how)
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#target.failed(error)
  }

  /** For this watcher only. */
  #encode(events: readonly LogEvent[]): readonly Piece<Chunk>[] {
    return this.#target.encoder.encodeAfter(events, this.#target.job, this.#skip)
  }

  /** A client that has a part of an event knows that the event was there. `follow` sees only the events before it. */
  async #assertExists(seq: Seq): Promise<void> {
    const { delivery, job } = this.#target
    const { head } = await delivery.engine.read(job.id, { after: seq, maxEvents: 1, maxBytes: 1 })
    if (head < seq) throw new HistoryGoneError('ahead', 0, head)
  }

  /** Undefined when all was taken at once, as it mostly is: then nothing needs to wait. */
  #send(pieces: readonly Piece<Chunk>[], from = 0): Promise<void> | undefined {
    for (let index = from; index < pieces.length && !this.#over; index += 1) {
      const piece = pieces[index] as Piece<Chunk>
      const wait = piece instanceof LargeMessage ? this.#sendLarge(piece) : this.#target.send(piece)
      if (wait !== undefined) return wait.then(() => this.#send(pieces, index + 1))
    }
    return undefined
  }

  async #sendLarge(message: LargeMessage): Promise<void> {
    const { delivery, framing } = this.#target
    if (!(await this.#target.hold())) return
    let complete = false
    try {
      const large = framing.large(message)
      await this.#target.send(large.head())
      for await (const bytes of portions(delivery.engine.stores.blobs, message)) {
        await this.#target.send(large.middle(bytes))
        if (this.#over) return
      }
      await this.#target.send(large.tail())
      complete = true
    } finally {
      this.#target.release(complete)
    }
  }
}

/** Whether the last of these events is the terminal one; the names of those are reserved. */
function endsLog(events: readonly LogEvent[]): boolean {
  const last = events.at(-1)?.type
  return TERMINAL_STATUSES.some((status) => status === last)
}

/** What an error says about history that is gone, and whether anything of the log remains; undefined for other errors. */
function lossOf(error: unknown): { readonly reset: Reset; readonly remains: boolean } | undefined {
  if (error instanceof HistoryGoneError) {
    return { reset: { type: 'reset', reason: error.reason, after: error.resumeAfter, head: error.head }, remains: true }
  }
  if (!(error instanceof HeadwayError) || error.code !== 'JOB_NOT_FOUND') return undefined
  return { reset: { type: 'reset', reason: 'pruned', after: 0, head: 0 }, remains: false }
}

/** The bytes of a blob, never more than one chunk at a time. */
async function* portions(blobs: Pick<BlobStore, 'read'>, message: LargeMessage): AsyncGenerator<Uint8Array, void, void> {
  for await (const bytes of blobs.read(message.blob)) {
    for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) yield bytes.subarray(at, at + MAX_CHUNK_BYTES)
  }
}
