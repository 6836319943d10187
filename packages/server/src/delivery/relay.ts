import { HeadwayError, HistoryGoneError } from '@headway/core'
import type { BlobStore, LogEvent } from '@headway/core'
import type { Reset, Seq } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import { LargeMessage } from './encode.js'
import type { Encoder, Framing, Piece } from './encode.js'
import { MAX_CHUNK_BYTES } from './settings.js'

/** A connection that shows one job's log. It is asked for nothing but itself: whatever else were held would be held for every watcher. */
export interface RelayTarget<Chunk> {
  readonly delivery: Pick<Delivery, 'engine'>
  readonly job: ImmutableJob
  readonly encoder: Encoder<Chunk>
  readonly framing: Framing<Chunk>
  readonly signal: AbortSignal
  /** A promise means that the reader is slow: nothing more is read until it resolves. */
  send(chunk: Chunk): Promise<void> | undefined
  /** A large message begins: nothing else may be sent until `release`. False: it is too late, nothing is to be sent. */
  hold(): Promise<boolean> | boolean
  /** It is over; `complete` is false when it was broken off, and the connection is of no more use. */
  release(complete: boolean): void
  reset(reset: Reset): readonly Piece<Chunk>[]
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
export async function relay<Chunk>(target: RelayTarget<Chunk>, cursor: Cursor, preamble: readonly Piece<Chunk>[]): Promise<RelayEnd> {
  const { signal } = target
  let { after, skip } = cursor
  // A second loss without any news in between would go on for ever.
  let lost = false
  await sendPieces(target, preamble)
  while (!signal.aborted) {
    try {
      if (skip > 0) await assertExists(target, after + 1)
      for await (const events of target.delivery.engine.follow(target.job.id, { after, signal })) {
        const wait = sendPieces(target, encodeFor(target, events, skip))
        if (wait !== undefined) {
          await wait
          if (signal.aborted) break
        }
        skip = 0
        lost = false
        after = events.at(-1)?.seq ?? after
      }
      return { how: signal.aborted ? 'aborted' : 'finished', after }
    } catch (error) {
      if (signal.aborted) break
      const loss = lossOf(error)
      if (loss === undefined || (lost && loss.remains)) throw error
      if (!lost) await sendPieces(target, target.reset(loss.reset))
      if (!loss.remains) return { how: 'gone', after }
      lost = true
      skip = 0
      after = loss.reset.after
    }
  }
  return { how: 'aborted', after }
}

/** What an error says about history that is gone, and whether anything of the log remains; undefined for other errors. */
function lossOf(error: unknown): { readonly reset: Reset; readonly remains: boolean } | undefined {
  if (error instanceof HistoryGoneError) {
    return { reset: { type: 'reset', reason: error.reason, after: error.resumeAfter, head: error.head }, remains: true }
  }
  if (!(error instanceof HeadwayError) || error.code !== 'JOB_NOT_FOUND') return undefined
  return { reset: { type: 'reset', reason: 'pruned', after: 0, head: 0 }, remains: false }
}

function encodeFor<Chunk>({ encoder, job }: RelayTarget<Chunk>, events: readonly LogEvent[], skip: number): readonly Piece<Chunk>[] {
  return skip > 0 ? encoder.encodeAfter(events, job, skip) : encoder.encode(events, job)
}

/** Undefined when all was taken at once, as it mostly is: then nothing needs to wait. */
function sendPieces<Chunk>(target: RelayTarget<Chunk>, pieces: readonly Piece<Chunk>[], from = 0): Promise<void> | undefined {
  for (let index = from; index < pieces.length; index += 1) {
    const piece = pieces[index] as Piece<Chunk>
    const wait = piece instanceof LargeMessage ? sendLarge(target, piece) : target.send(piece)
    if (wait !== undefined) return wait.then(() => (target.signal.aborted ? undefined : sendPieces(target, pieces, index + 1)))
  }
  return undefined
}

async function assertExists<Chunk>({ delivery, job }: RelayTarget<Chunk>, seq: Seq): Promise<void> {
  const { head } = await delivery.engine.read(job.id, { after: seq, maxEvents: 1, maxBytes: 1 })
  if (head < seq) throw new HistoryGoneError('ahead', 0, head)
}

async function sendLarge<Chunk>(target: RelayTarget<Chunk>, message: LargeMessage): Promise<void> {
  const { delivery, framing, signal } = target
  if (!(await target.hold())) return
  let complete = false
  try {
    const large = framing.large(message)
    await target.send(large.head())
    for await (const bytes of portions(delivery.engine.stores.blobs, message)) {
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
