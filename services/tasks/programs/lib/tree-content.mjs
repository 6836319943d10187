import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { randomOf } from './random.mjs'

/** Contents are pieces of one pool of random bytes: fast to make, and nothing that compresses. In bytes. */
const POOL_BYTES = 4 * 1024 * 1024

/** Makes the contents of files, the same for the same seed. */
export class TreeContent {
  /** @readonly */
  #pool

  constructor(seed) {
    const words = new Uint32Array(POOL_BYTES / 4)
    let state = createHash('sha256').update(seed).digest().readUInt32LE() | 1
    for (let index = 0; index < words.length; index += 1) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      words[index] = state
    }
    this.#pool = Buffer.from(words.buffer)
  }

  /**
   * Writes one file.
   *
   * @param {string} path
   * @param {string} content its name, see `planTree`
   * @param {number} size in bytes
   * @returns {string} its SHA-256 in hex
   */
  write(path, content, size) {
    const hash = createHash('sha256')
    const file = openSync(path, 'w')
    try {
      // The name's own hash begins the file, so that two contents never agree.
      const head = createHash('sha256').update(content).digest().subarray(0, size)
      this.#put(file, hash, head)
      let at = Math.floor(randomOf(content)() * POOL_BYTES)
      for (let left = size - head.length; left > 0;) {
        const piece = this.#pool.subarray(at, Math.min(POOL_BYTES, at + left))
        this.#put(file, hash, piece)
        left -= piece.length
        at = 0
      }
    } finally {
      closeSync(file)
    }
    return hash.digest('hex')
  }

  #put(file, hash, bytes) {
    hash.update(bytes)
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
  }
}
