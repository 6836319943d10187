import { setTimeout as wait } from 'node:timers/promises'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { isNotFound } from './s3-client.mjs'

/** The client asks again when it gets no answer; for an answer that breaks off in the middle this is done here. */
const MAX_ATTEMPTS = 4
const FIRST_WAIT_MS = 200

/**
 * Reads an object, from its beginning again when the connection breaks.
 *
 * @param {import('@aws-sdk/client-s3').S3Client} client
 * @param {{ Bucket: string, Key: string }} at
 * @param {() => (bytes: Buffer) => void} begin called before each attempt; what it gives takes the bytes
 * @param {{ maxBytes: number, signal?: AbortSignal }} how no more bytes than `maxBytes` are taken
 * @returns {Promise<{ size: number, isWhole: boolean, etag: string | undefined } | undefined>} undefined where there is no object; one that is too
 *   large is not whole, and its size that which was said of it, or how much was seen
 */
export async function readObject(client, at, begin, { maxBytes, signal }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(client, at, begin(), { maxBytes, signal })
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error
      if (signal?.aborted || attempt === MAX_ATTEMPTS) throw error.cause
      await wait(FIRST_WAIT_MS * 2 ** (attempt - 1), undefined, { signal })
    }
  }
}

/** The connection broke while the content came. */
class BrokenOff extends Error {}

async function readOnce(client, at, take, { maxBytes, signal }) {
  const object = await get(client, at, signal)
  if (object === undefined) return undefined
  const { ContentLength: told, ETag: etag, Body: body } = object
  if (told > maxBytes) {
    body.destroy()
    return { size: told, isWhole: false, etag }
  }
  let size = 0
  try {
    for await (const bytes of body) {
      size += bytes.length
      // Not every store says how much will come.
      if (size > maxBytes) return { size, isWhole: false, etag }
      take(bytes)
    }
  } catch (error) {
    throw new BrokenOff('', { cause: error })
  }
  return { size, isWhole: true, etag }
}

async function get(client, at, signal) {
  try {
    return await client.send(new GetObjectCommand(at), { abortSignal: signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
