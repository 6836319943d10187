import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { Content } from './body/block-buffer.js'

const READ_BYTES = 1024 * 1024

/**
 * Reads an open file from its start, hashing on the way, a piece at a time.
 *
 * @param size in bytes; of a file that turns out shorter only what there is
 */
export async function readWholeFile(file: FileHandle, size: number, signal: AbortSignal): Promise<Content> {
  const bytes = new Uint8Array(size)
  const hash = createHash('sha256')
  let at = 0
  while (at < size) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(bytes, at, Math.min(READ_BYTES, size - at), at)
    if (bytesRead === 0) break
    hash.update(bytes.subarray(at, at + bytesRead))
    at += bytesRead
  }
  return { bytes: at === size ? bytes : bytes.slice(0, at), sha256: hash.digest('hex') }
}
