import type { BlobRef, LogEvent } from '@headway/core'
import type { Dialect, DialectMessage, ImmutableJob } from './dialect.js'
import { MAX_CHUNK_BYTES } from './settings.js'

/** A message with its id; undefined where it belongs to one connection only. */
export interface SmallMessage {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly body: string
}

/** A message whose middle is a blob: it is read while it is sent, for each watcher anew, and never held whole. */
export class LargeMessage {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly prefix: string
  readonly blob: BlobRef
  readonly suffix: string

  constructor(id: string | undefined, event: string | undefined, body: Exclude<DialectMessage['body'], string>) {
    this.id = id
    this.event = event
    this.prefix = body.prefix
    this.blob = body.blob
    this.suffix = body.suffix
  }
}

/** The bytes of one large message, made as they are needed. Holds the state of one sending. */
export interface LargeFraming<Chunk> {
  head(): Chunk
  /** The bytes of the blob, piece by piece. */
  middle(bytes: Uint8Array): Chunk
  tail(): Chunk
}

/** How messages become bytes on one kind of connection. `Chunk` is what is written at once. */
export interface Framing<Chunk> {
  chunk(messages: readonly SmallMessage[]): Chunk
  large(message: LargeMessage): LargeFraming<Chunk>
}

export type Piece<Chunk> = Chunk | LargeMessage

/**
 * Turns events into what is written. `follow` gives the same arrays to all watchers that are equally far, so each is
 * encoded once for each dialect and framing, however many watch; it is forgotten together with its array.
 */
export class Encoder<Chunk> {
  readonly #dialect: Pick<Dialect, 'encode'>
  readonly #framing: Framing<Chunk>
  readonly #made = new WeakMap<readonly LogEvent[], readonly Piece<Chunk>[]>()

  constructor(dialect: Pick<Dialect, 'encode'>, framing: Framing<Chunk>) {
    this.#dialect = dialect
    this.#framing = framing
  }

  /** Shared: the same array gives the same pieces. An array belongs to one job only. */
  encode(events: readonly LogEvent[], job: ImmutableJob): readonly Piece<Chunk>[] {
    let pieces = this.#made.get(events)
    if (pieces === undefined) {
      pieces = this.encodeAfter(events, job, 0)
      this.#made.set(events, pieces)
    }
    return pieces
  }

  /** For one watcher: without the first `skip` messages of the first event, which it has. */
  encodeAfter(events: readonly LogEvent[], job: ImmutableJob, skip: number): readonly Piece<Chunk>[] {
    const messages: (SmallMessage | LargeMessage)[] = []
    let missing = skip
    for (const event of events) {
      const parts = this.#dialect.encode(event, job)
      for (let k = missing; k < parts.length; k += 1) {
        const { event: name, body } = parts[k] as DialectMessage
        const id = k === parts.length - 1 ? String(event.seq) : `${event.seq}.${k + 1}`
        messages.push(typeof body === 'string' ? { id, event: name, body } : new LargeMessage(id, name, body))
      }
      missing = 0
    }
    return group(messages, this.#framing)
  }

  /** Messages of one connection: they have no id. */
  encodeLoose(messages: readonly DialectMessage[]): readonly Piece<Chunk>[] {
    const loose = messages.map(({ event, body }) =>
      typeof body === 'string' ? { id: undefined, event, body } : new LargeMessage(undefined, event, body),
    )
    return group(loose, this.#framing)
  }
}

const encoders = new WeakMap<object, WeakMap<object, unknown>>()

/** The one encoder of a dialect and a framing: what it has made is shared by all watchers. */
export function encoderOf<Chunk>(dialect: Pick<Dialect, 'encode'>, framing: Framing<Chunk>): Encoder<Chunk> {
  let ofFraming = encoders.get(framing) as WeakMap<object, Encoder<Chunk>> | undefined
  if (ofFraming === undefined) {
    ofFraming = new WeakMap()
    encoders.set(framing, ofFraming)
  }
  let encoder = ofFraming.get(dialect)
  if (encoder === undefined) {
    encoder = new Encoder(dialect, framing)
    ofFraming.set(dialect, encoder)
  }
  return encoder
}

/** Joins small messages up to `MAX_CHUNK_BYTES`, so that what is ready goes out in one write and little is held for a slow reader. */
function group<Chunk>(messages: readonly (SmallMessage | LargeMessage)[], framing: Framing<Chunk>): readonly Piece<Chunk>[] {
  const pieces: Piece<Chunk>[] = []
  let together: SmallMessage[] = []
  let bytes = 0
  const flush = (): void => {
    if (together.length === 0) return
    pieces.push(framing.chunk(together))
    together = []
    bytes = 0
  }
  for (const message of messages) {
    if (message instanceof LargeMessage) {
      flush()
      pieces.push(message)
      continue
    }
    const size = Buffer.byteLength(message.body)
    if (bytes + size > MAX_CHUNK_BYTES) flush()
    together.push(message)
    bytes += size
  }
  flush()
  return pieces
}
