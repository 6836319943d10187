import { HeadwayError, HistoryGoneError } from '@headway/core'
import type { BlobStore } from '@headway/core'
import type { Reset, Seq } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { DeliveryEngine } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import { LargeMessage } from './encode.js'
import type { Encoder, Framing, Piece } from './encode.js'
import { MAX_CHUNK_BYTES } from './settings.js'

/** Where a log is sent to. A promise means that the reader is slow: nothing more is read until it resolves. */
export interface RelayTarget<Chunk> {
  send(chunk: Chunk): Promise<void> | undefined
  /** A large message begins: nothing else may be sent until `release`. False: it is too late, nothing is to be sent. */
  hold(): Promise<boolean> | boolean
  /** It is over; `complete` is false when it was broken off, and the connection is of no more use. */
  release(complete: boolean): void
}

export interface RelayOptions<Chunk> {
  readonly engine: DeliveryEngine
  readonly job: ImmutableJob
  readonly cursor: Cursor
  readonly encoder: Encoder<Chunk>
  readonly framing: Framing<Chunk>
  readonly target: RelayTarget<Chunk>
  /** Sent before the log. */
  readonly preamble?: readonly Piece<Chunk>[]
  readonly reset: (reset: Reset) => readonly Piece<Chunk>[]
  readonly signal: AbortSignal
}

/**
 * How it ended, and the last seq that was sent. `finished`: that was the terminal event; `gone`: the job was removed, and a reset was
 * sent; `aborted`: the signal said so.
 */
export interface RelayEnd {
  readonly how: 'finished' | 'gone' | 'aborted'
  readonly after: Seq
}

/**
 * Follows a job's log from a cursor and sends it, one piece at a time. History that is gone is said by a reset, then it
 * goes on with what is there.
 *
 * @throws what the engine throws when it can't read: the stream is to be ended, the client comes back by itself
 */
export async function relay<Chunk>(options: RelayOptions<Chunk>): Promise<RelayEnd> {
  let { after, skip } = options.cursor
  await sendAll(options, options.preamble ?? [])
  // A second loss without any news in between would go on for ever.
  let lost: HistoryGoneError | undefined
  while (!options.signal.aborted) {
    try {
      if (skip > 0) await assertExists(options, after + 1)
      for await (const events of options.engine.follow(options.job.id, { after, signal: options.signal })) {
        const pieces = skip > 0 ? options.encoder.encodeAfter(events, options.job, skip) : options.encoder.encode(events, options.job)
        skip = 0
        lost = undefined
        for (const piece of pieces) {
          const wait = piece instanceof LargeMessage ? sendLarge(options, piece) : options.target.send(piece)
          if (wait === undefined) continue
          await wait
          if (options.signal.aborted) return { how: 'aborted', after }
        }
        after = events.at(-1)?.seq ?? after
      }
      return { how: options.signal.aborted ? 'aborted' : 'finished', after }
    } catch (error) {
      if (options.signal.aborted) break
      const gone = error instanceof HeadwayError && error.code === 'JOB_NOT_FOUND'
      if (gone && lost !== undefined) return { how: 'gone', after }
      if (!gone && (lost !== undefined || !(error instanceof HistoryGoneError))) throw error
      lost = gone ? new HistoryGoneError('pruned', 0, 0) : (error as HistoryGoneError)
      await sendAll(options, options.reset({ type: 'reset', reason: lost.reason, after: lost.resumeAfter, head: lost.head }))
      if (gone) return { how: 'gone', after }
      after = lost.resumeAfter
      skip = 0
    }
  }
  return { how: 'aborted', after }
}

async function sendAll<Chunk>(options: RelayOptions<Chunk>, pieces: readonly Piece<Chunk>[]): Promise<void> {
  for (const piece of pieces) await (piece instanceof LargeMessage ? sendLarge(options, piece) : options.target.send(piece))
}

/** A client that has a part of an event knows that the event was there. `follow` sees only the events before it. */
async function assertExists<Chunk>(options: RelayOptions<Chunk>, seq: Seq): Promise<void> {
  const { head } = await options.engine.read(options.job.id, { after: seq, maxEvents: 1, maxBytes: 1 })
  if (head < seq) throw new HistoryGoneError('ahead', 0, head)
}

async function sendLarge<Chunk>(options: RelayOptions<Chunk>, message: LargeMessage): Promise<void> {
  const { engine, framing, target, signal } = options
  if (!(await target.hold())) return
  let complete = false
  try {
    const large = framing.large(message)
    await target.send(large.head())
    for await (const bytes of portions(engine.stores.blobs, message)) {
      await target.send(large.middle(bytes))
      if (signal.aborted) return
    }
    await target.send(large.tail())
    complete = true
  } finally {
    target.release(complete)
  }
}

/** The bytes of a blob, never more than one chunk at a time. */
async function* portions(blobs: Pick<BlobStore, 'read'>, message: LargeMessage): AsyncGenerator<Uint8Array, void, void> {
  for await (const bytes of blobs.read(message.blob)) {
    for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) yield bytes.subarray(at, at + MAX_CHUNK_BYTES)
  }
}
