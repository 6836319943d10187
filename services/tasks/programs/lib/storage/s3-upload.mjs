import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { isMissing, isOtherThanFile, READ_REGULAR } from '../open-regular.mjs'
import { knowsChecksums } from './s3-client.mjs'
import { sendParts } from './s3-parts.mjs'
import { Fingerprint, metadataOf } from './s3-proof.mjs'

/** Larger files go in parts of this size, in bytes; those that would have too many parts of it, in larger ones. */
const PART_BYTES = 8 * 1024 * 1024

/** No store takes more parts of one object. */
const MAX_PARTS = 10_000

/** The source is not what its manifest says. */
export class Lie extends Error {}

/** How large the parts of a file are, in bytes. */
export function partBytesOf(size) {
  return Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS))
}

/** How much memory the upload of a file takes, about, in bytes. */
export function uploadBytes(size) {
  return size <= PART_BYTES ? size : partBytesOf(size)
}

/**
 * Sends a file when its content is what it should be, which is read before anything is sent; a large one, which is read once more, appears only when
 * it was so again.
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
    else await putAtOnce(client, await file.readFile(), expected, params, signal)
  } finally {
    await file.close()
  }
}

async function openSource(path) {
  try {
    return await open(path, READ_REGULAR)
  } catch (error) {
    if (isMissing(error)) throw new Lie('is missing')
    throw new Lie(isOtherThanFile(error) ? 'is no regular file' : `can't be read: ${error.code}`)
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
  const partBytes = partBytesOf(expected.size)
  const buffer = Buffer.allocUnsafe(partBytes)
  const print = new Fingerprint(partBytes)
  for await (const bytes of partsOf(file, buffer)) {
    signal.throwIfAborted()
    print.update(bytes)
  }
  const found = print.end()
  mustBe(expected, found)
  await sendParts(client, { ...params, Metadata: metadataOf(found) }, rightParts(file, buffer, expected), signal)
}

/** The parts of a file; after the last one it must have been what it should be, as it was before. */
async function* rightParts(file, buffer, expected) {
  const hash = createHash('sha256')
  let size = 0
  for await (const bytes of partsOf(file, buffer)) {
    hash.update(bytes)
    size += bytes.length
    yield bytes
  }
  mustBe(expected, { size, sha256: hash.digest('hex') })
}

/** What a file holds, in pieces that fill the buffer, but for the last one. */
async function* partsOf(file, buffer) {
  for (let at = 0; ;) {
    let held = 0
    while (held < buffer.length) {
      const { bytesRead } = await file.read(buffer, held, buffer.length - held, at)
      if (bytesRead === 0) break
      held += bytesRead
      at += bytesRead
    }
    if (held > 0) yield buffer.subarray(0, held)
    if (held < buffer.length) return
  }
}

function mustBe(expected, { size, sha256 }) {
  if (size !== expected.size) throw new Lie(`had ${size} bytes instead of ${expected.size}`)
  if (sha256 !== expected.sha256) throw new Lie('has another content than its manifest says')
}
