import { open } from 'node:fs/promises'
import { Refusal } from './command-line.mjs'
import { isOtherThanFile, READ_REGULAR } from './open-regular.mjs'

/**
 * The whole content of a regular file; links are not followed, and nobody waits for the writer of a named pipe.
 *
 * @param {string} path
 * @param {number} maxBytes
 * @returns {Promise<Buffer>}
 * @throws {Refusal} when it is no regular file, is larger, or grows meanwhile; errors of the system as they are
 */
export async function readRegularFile(path, maxBytes) {
  const file = await openRegular(path)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new Refusal(`${path} is no regular file.`)
    if (stats.size > maxBytes) throw new Refusal(`${path} has ${stats.size} bytes; at most ${maxBytes} are read.`)
    // One byte more shows that it grows.
    const buffer = Buffer.allocUnsafe(stats.size + 1)
    let size = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, size, buffer.length - size, size)
      size += bytesRead
      if (size === buffer.length) throw new Refusal(`${path} changes while it is read.`)
      if (bytesRead === 0) return buffer.subarray(0, size)
    }
  } finally {
    await file.close()
  }
}

async function openRegular(path) {
  try {
    return await open(path, READ_REGULAR)
  } catch (error) {
    if (isOtherThanFile(error)) throw new Refusal(`${path} is no regular file.`)
    throw error
  }
}
