import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { isMissing, isOtherThanFile, READ_REGULAR } from './open-regular.mjs'

/** How much of a file is read at a time, in bytes. */
const BUFFER_BYTES = 1024 * 1024

const buffer = Buffer.allocUnsafe(BUFFER_BYTES)

/**
 * @typedef {{ size: number, sha256: string } | { trouble: string }} FileFacts where there is trouble: `missing`, `other` (no regular
 *   file), or a code of the system
 */

/**
 * Whether a regular file can be read, and its size; its content is not looked at.
 *
 * @param {string} path
 * @returns {FileFacts} with an empty hash
 */
export function lookAtFile(path) {
  return hashFile(path, -1)
}

/**
 * Size and hash of a regular file; links are not followed. A file of another size than `expectedSize` is not read.
 *
 * @param {string} path
 * @param {number} [expectedSize]
 * @returns {FileFacts}
 */
export function hashFile(path, expectedSize) {
  let file
  try {
    file = openSync(path, READ_REGULAR)
    const stats = fstatSync(file)
    if (!stats.isFile()) return { trouble: 'other' }
    if (expectedSize !== undefined && stats.size !== expectedSize) return { size: stats.size, sha256: '' }
    const hash = createHash('sha256')
    let size = 0
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      hash.update(read === BUFFER_BYTES ? buffer : buffer.subarray(0, read))
      size += read
    }
    return { size, sha256: hash.digest('hex') }
  } catch (error) {
    if (isMissing(error)) return { trouble: 'missing' }
    return { trouble: isOtherThanFile(error) ? 'other' : (error.code ?? error.message) }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
