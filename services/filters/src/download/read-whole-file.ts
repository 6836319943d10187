import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { Content } from './body/block-buffer.js'
import { HEAD_BYTES } from './body/recognise.js'

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

/** Hashes an open file from its start, a piece at a time. @returns its hash in hex, and its beginning */
export async function hashWholeFile(
  file: FileHandle,
  size: number,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly head: Uint8Array }> {
  const piece = new Uint8Array(Math.min(READ_BYTES, size))
  const hash = createHash('sha256')
  let head: Uint8Array = new Uint8Array(0)
  for (let at = 0; at < size;) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, size - at), at)
    if (bytesRead === 0) break
    hash.update(piece.subarray(0, bytesRead))
    if (at === 0) head = piece.slice(0, Math.min(bytesRead, HEAD_BYTES))
    at += bytesRead
  }
  return { sha256: hash.digest('hex'), head }
}
