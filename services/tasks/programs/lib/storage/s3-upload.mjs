import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { knowsChecksums } from './s3-client.mjs'
import { Fingerprint, metadataOf } from './s3-proof.mjs'

/** Larger files go in parts of this size, in bytes; those that would have too many parts of it, in larger ones. */
const PART_BYTES = 8 * 1024 * 1024

/** No store takes more parts of one object. */
const MAX_PARTS = 10_000

/** How much of a large file is read at a time, in bytes. */
const READ_BYTES = 1024 * 1024

/** The source is not what its manifest says. */
export class Lie extends Error {}

/** How large the parts of a file are, in bytes. */
export function partBytesOf(size) {
  return Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS))
}

/** How much memory the upload of a file takes, about, in bytes. */
export function uploadBytes(size) {
  return size <= PART_BYTES ? size : 2 * partBytesOf(size)
}

/**
 * Sends a file when its content is what it should be, which is read before anything is sent; of a large one, which is read once more, the end is held
 * back until it was what it should be again.
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
      await putAtOnce(client, await file.readFile(), expected, params, signal)
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

/** The store is told what must arrive, and refuses what does not fit. */
async function putAtOnce(client, bytes, expected, params, signal) {
  const print = new Fingerprint()
  print.update(bytes)
  const found = print.end()
  mustBe(expected, found)
  const checks = { ContentMD5: found.md5.toString('base64') }
  if (await knowsChecksums(client)) checks.ChecksumSHA256 = Buffer.from(found.sha256, 'hex').toString('base64')
  const command = new PutObjectCommand({ ...params, ...checks, Metadata: metadataOf(found), Body: bytes, ContentLength: bytes.length })
  await client.send(command, { abortSignal: signal })
}

async function uploadParts(client, file, expected, params, signal) {
  const partSize = partBytesOf(expected.size)
  const print = new Fingerprint(partSize)
  for await (const bytes of contentOf(file)) {
    signal.throwIfAborted()
    print.update(bytes)
  }
  const found = print.end()
  mustBe(expected, found)
  let lie
  const told = async function* () {
    try {
      yield* heldBack(file, expected)
    } catch (error) {
      lie = error
      throw error
    }
  }
  const parts = new Upload({
    client,
    params: { ...params, Metadata: metadataOf(found), Body: Readable.from(told(), { objectMode: false }) },
    partSize,
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
async function* heldBack(file, expected) {
  const print = new Fingerprint()
  let held
  for await (const bytes of contentOf(file)) {
    if (held !== undefined) yield held
    held = bytes
    print.update(bytes)
  }
  mustBe(expected, print.end())
  if (held !== undefined) yield held
}

async function* contentOf(file) {
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

function mustBe(expected, { size, sha256 }) {
  if (size !== expected.size) throw new Lie(`had ${size} bytes instead of ${expected.size}`)
  if (sha256 !== expected.sha256) throw new Lie('has another content than its manifest says')
}
