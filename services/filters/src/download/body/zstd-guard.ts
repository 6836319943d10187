/** What RFC 9659 allows a server to use: a decoder must have 8 MiB of memory and need not have more. */
const MAX_WINDOW_BYTES = 8 * 1024 * 1024
const FRAME = 0xfd2fb528
/** The lowest four bits of a skippable frame's magic number are free. */
const SKIPPABLE = 0x184d2a50
const LONGEST_HEADER = 18

/**
 * Watches zstd frames go by and throws on one whose window is over 8 MiB: a decoder sets that much memory aside, and moves it for each
 * block, whatever few bytes the block has. Follows RFC 8878, 3.1.
 */
export class ZstdGuard {
  #header: number[] = []
  /** Bytes to let pass before the next header. */
  #skip = 0
  #inFrame = false
  #checksum = false

  /** @throws Error on a frame that the decoder must not see */
  check(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const skipped = Math.min(this.#skip, chunk.length - at)
      this.#skip -= skipped
      at += skipped
      const byte = chunk[at]
      if (byte === undefined) return
      this.#header.push(byte)
      at += 1
      if (this.#inFrame) this.#blockHeader()
      else this.#frameHeader()
    }
  }

  #frameHeader(): void {
    const header = this.#header
    if (header.length < 5) return
    const magic = read(header, 0, 4)
    if (magic >= SKIPPABLE && magic < SKIPPABLE + 16) {
      if (header.length < 8) return
      this.#begin(read(header, 4, 4), false)
      return
    }
    if (magic !== FRAME) throw new Error('This is no zstd frame.')
    const flags = header[4] ?? 0
    const single = (flags & 32) !== 0
    const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
    const length = 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes
    if (header.length < length || length > LONGEST_HEADER) return
    const window = single ? read(header, length - sizeBytes, sizeBytes) + (sizeBytes === 2 ? 256 : 0) : windowOf(header[5] ?? 0)
    if (window > MAX_WINDOW_BYTES) throw new Error('The window of a zstd frame is over 8 MiB.')
    this.#checksum = (flags & 4) !== 0
    this.#begin(0, true)
  }

  #blockHeader(): void {
    if (this.#header.length < 3) return
    const header = read(this.#header, 0, 3)
    const last = (header & 1) !== 0
    const runLength = ((header >> 1) & 3) === 1
    this.#begin((runLength ? 1 : header >> 3) + (last && this.#checksum ? 4 : 0), !last)
  }

  #begin(skip: number, inFrame: boolean): void {
    this.#header = []
    this.#skip = skip
    this.#inFrame = inFrame
  }
}

function read(bytes: readonly number[], from: number, length: number): number {
  return bytes.slice(from, from + length).reduceRight((sum, byte) => sum * 256 + byte, 0)
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}
