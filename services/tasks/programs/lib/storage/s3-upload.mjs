import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'

/** Larger files go in parts of this size, in bytes. */
const PART_BYTES = 8 * 1024 * 1024

/** How much of a large file is read at a time, in bytes. */
const READ_BYTES = 1024 * 1024

/** The source is not what its manifest says. */
export class Lie extends Error {}

/** How much memory the upload of a file takes, about, in bytes. */
export function uploadBytes(size) {
  return size <= PART_BYTES ? size : 2 * PART_BYTES
}

/**
 * Sends a file when its content is what it should be: a small one is hashed before, of a large one the end is held back until it was.
 *
 * @param {import('@aws-sdk/client-s3').S3Client} client
 * @param {string} path the file
 * @param {{ size: number, sha256: string }} expected
 * @param {object} params of the object
 * @param {AbortSignal} signal
 * @throws {Lie} when the file is not what it should be; nothing is stored then
 */
export async function upload(client, path, expected, params, signal) {
  const file = await openSource(path)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new Lie('is no regular file')
    if (stats.size !== expected.size) throw new Lie(`has ${stats.size} bytes instead of ${expected.size}`)
    if (expected.size > PART_BYTES) await uploadParts(client, file, expected, params, signal)
    else {
      const bytes = await file.readFile()
      mustBe(expected, bytes.length, createHash('sha256').update(bytes))
      await client.send(new PutObjectCommand({ ...params, Body: bytes, ContentLength: bytes.length }), { abortSignal: signal })
    }
  } finally {
    await file.close()
  }
}

async function openSource(path) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new Lie('is missing')
    throw new Lie(error.code === 'ELOOP' || error.code === 'ENXIO' ? 'is no regular file' : `can't be read: ${error.code}`)
  }
}

async function uploadParts(client, file, expected, params, signal) {
  let lie
  const told = async function* () {
    try {
      yield* hashed(file, expected)
    } catch (error) {
      lie = error
      throw error
    }
  }
  const parts = new Upload({
    client,
    params: { ...params, Body: Readable.from(told(), { objectMode: false }) },
    partSize: PART_BYTES,
    queueSize: 1,
    leavePartsOnError: false,
  })
  const stop = () => void parts.abort()
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    await parts.done()
  } catch (error) {
    // A store that does not let parts be given up would hide why.
    throw lie ?? error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The bytes of a file; the last of them only when all of them are right. */
async function* hashed(file, expected) {
  const hash = createHash('sha256')
  let held
  let size = 0
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, null)
    if (bytesRead === 0) break
    if (held !== undefined) yield held
    held = buffer.subarray(0, bytesRead)
    hash.update(held)
    size += bytesRead
  }
  mustBe(expected, size, hash)
  if (held !== undefined) yield held
}

function mustBe(expected, size, hash) {
  if (size !== expected.size) throw new Lie(`had ${size} bytes instead of ${expected.size}`)
  if (hash.digest('hex') !== expected.sha256) throw new Lie('has another content than its manifest says')
}
