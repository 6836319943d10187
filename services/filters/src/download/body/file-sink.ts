import { createHash } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import type { BodySink } from './body-sink.js'
import { HEAD_BYTES } from './recognise.js'

/** So much is gathered before it is written. */
const WRITE_BYTES = 256 * 1024

/** A body that was not held in memory. */
export interface HashedBody {
  /** In hex. */
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** Where its bytes are, to be removed by whoever has it. Undefined: they were not wanted, or could not be written. */
  readonly file: string | undefined
  /** Why they could not be written. */
  readonly failure: unknown
}

/** Writes a body to a file and holds only a little of it in memory. A file that can't be written is given up; the hash comes all the same. */
export class FileSink implements BodySink<HashedBody> {
  readonly #hash = createHash('sha256')
  readonly #path: string | undefined
  #head: Buffer = Buffer.alloc(0)
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0
  #file: FileHandle | undefined
  #failure: unknown
  #size = 0

  /** @param path of a file that is not there yet; undefined: only the hash is wanted */
  constructor(path: string | undefined) {
    this.#path = path
  }

  get size(): number {
    return this.#size
  }

  append(piece: Uint8Array): Promise<void> | undefined {
    this.#hash.update(piece)
    this.#size += piece.length
    if (this.#head.length < HEAD_BYTES) this.#head = Buffer.concat([this.#head, piece.subarray(0, HEAD_BYTES - this.#head.length)])
    if (!this.#writes) return undefined
    // Copied: whoever gave the piece may use its memory again.
    this.#gathered.push(piece.slice())
    this.#gatheredBytes += piece.length
    return this.#gatheredBytes < WRITE_BYTES ? undefined : this.#write()
  }

  head(length: number): Uint8Array {
    return this.#head.subarray(0, length)
  }

  async finish(): Promise<HashedBody> {
    await this.#write()
    await this.#file?.close()
    this.#file = undefined
    return { sha256: this.#hash.digest('hex'), size: this.#size, file: this.#writes ? this.#path : undefined, failure: this.#failure }
  }

  async abandon(): Promise<void> {
    this.#gathered = []
    await this.#file?.close().catch(() => undefined)
    this.#file = undefined
    if (this.#path !== undefined) await rm(this.#path, { force: true }).catch(() => undefined)
  }

  get #writes(): boolean {
    return this.#path !== undefined && this.#failure === undefined
  }

  async #write(): Promise<void> {
    if (this.#path === undefined || !this.#writes) return
    const pieces = this.#gathered
    this.#gathered = []
    this.#gatheredBytes = 0
    try {
      this.#file ??= await open(this.#path, 'wx', 0o600)
      await this.#file.appendFile(Buffer.concat(pieces))
    } catch (error) {
      this.#failure = error
      await this.abandon()
    }
  }
}
