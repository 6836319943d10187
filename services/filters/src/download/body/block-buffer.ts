import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { BodySink } from './body-sink.js'

const BLOCK_BYTES = 256 * 1024
/** Copied in one go before others get their turn: about a millisecond. */
const COPY_BYTES = 1024 * 1024

/** What a source holds. */
export interface Content {
  /** Has a buffer of its own, so it may be transferred to another thread. */
  readonly bytes: Uint8Array
  /** In hex. */
  readonly sha256: string
}

/**
 * Collects a body that comes in pieces of any size and hashes it on the way. Pieces are copied into blocks, so that a body in pieces of one
 * byte costs no more memory than another.
 */
export class BlockBuffer implements BodySink<Content> {
  readonly #hash = createHash('sha256')
  readonly #full: Uint8Array[] = []
  /** Its memory may hold anything: only what was written is ever read. */
  #block: Uint8Array = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  #used = 0

  /** Bytes so far. */
  get size(): number {
    return this.#full.length * BLOCK_BYTES + this.#used
  }

  append(piece: Uint8Array): undefined {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + BLOCK_BYTES - this.#used)
      this.#block.set(part, this.#used)
      this.#used += part.length
      at += part.length
      if (this.#used === BLOCK_BYTES) this.#next()
    }
  }

  /** The first bytes, at most `length`. */
  head(length: number): Uint8Array {
    return (this.#full[0] ?? this.#block.subarray(0, this.#used)).subarray(0, length)
  }

  abandon(): Promise<void> {
    return Promise.resolve()
  }

  /** Everything, in one buffer. The blocks are given up while they are copied; the buffer can't be used afterwards. */
  async finish(): Promise<Content> {
    const bytes = new Uint8Array(this.size)
    const blocks = this.#full
    const last = this.#block.subarray(0, this.#used)
    this.#hash.update(last)
    bytes.set(last, bytes.length - last.length)
    blocks.reverse()
    for (let at = 0, block = blocks.pop(); block !== undefined; block = blocks.pop()) {
      bytes.set(block, at)
      at += block.length
      if (at % COPY_BYTES === 0) await turn()
    }
    return { bytes, sha256: this.#hash.digest('hex') }
  }

  #next(): void {
    this.#hash.update(this.#block)
    this.#full.push(this.#block)
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    this.#used = 0
  }
}

/** Copies bytes into a buffer of its own, a little at a time. */
export async function copyBytes(bytes: Uint8Array): Promise<Uint8Array> {
  const copy = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += COPY_BYTES) {
    copy.set(bytes.subarray(at, at + COPY_BYTES), at)
    await turn()
  }
  return copy
}
