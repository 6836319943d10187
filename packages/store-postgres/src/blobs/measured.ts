import { blobTooLarge } from '@headway/store-kit'
import { createHash } from 'node:crypto'

/** A stream that is counted and hashed while it is read. */
export class Measured {
  readonly #bytes: AsyncIterable<Uint8Array>
  readonly #maxBytes: number
  readonly #hash = createHash('sha256')
  #size = 0

  constructor(bytes: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#bytes = bytes
    this.#maxBytes = maxBytes
  }

  /** How much has been read. */
  get size(): number {
    return this.#size
  }

  /** Of all that was read, in lower-case hex. To be called once. */
  sha256(): string {
    return this.#hash.digest('hex')
  }

  /** @throws HeadwayError BODY_TOO_LARGE */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#bytes) {
      this.#size += chunk.byteLength
      if (this.#size > this.#maxBytes) throw blobTooLarge(this.#maxBytes)
      this.#hash.update(chunk)
      yield chunk
    }
  }
}

/** A stream in pieces of this size, but for the last one, which may be smaller. Each piece has its own memory. */
export async function* inPieces(bytes: AsyncIterable<Uint8Array>, pieceBytes: number): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafeSlow(pieceBytes)
  let filled = 0
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength;) {
      const part = chunk.subarray(at, at + pieceBytes - filled)
      piece.set(part, filled)
      filled += part.byteLength
      at += part.byteLength
      if (filled < pieceBytes) continue
      yield piece
      piece = Buffer.allocUnsafeSlow(pieceBytes)
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}
