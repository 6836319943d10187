import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** How long giving up an upload may take, in milliseconds; what is left of it then the next run clears away. */
const ABORT_MS = 10_000

/**
 * Sends an object in parts, one after another; the store is told what must arrive, and refuses what does not fit.
 *
 * @param {import('@aws-sdk/client-s3').S3Client} client
 * @param {object} params of the object
 * @param {AsyncIterable<Buffer>} parts each may be overwritten when the next one is asked for; when they throw, nothing is stored
 * @param {AbortSignal} signal
 */
export async function sendParts(client, params, parts, signal) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(params), { abortSignal: signal })
  const upload = { Bucket: params.Bucket, Key: params.Key, UploadId }
  try {
    const sent = []
    for await (const bytes of parts) sent.push(await sendPart(client, upload, sent.length + 1, bytes, signal))
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: sent } }), { abortSignal: signal })
  } catch (error) {
    // A store that does not let parts be given up would hide why.
    await client.send(new AbortMultipartUploadCommand(upload), { abortSignal: AbortSignal.timeout(ABORT_MS) }).catch(() => undefined)
    throw error
  }
}

async function sendPart(client, upload, number, bytes, signal) {
  const md5 = createHash('md5').update(bytes).digest('base64')
  const part = { ...upload, PartNumber: number, Body: bytes, ContentLength: bytes.length, ContentMD5: md5 }
  const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 } = await client.send(new UploadPartCommand(part), {
    abortSignal: signal,
  })
  return { PartNumber: number, ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 }
}
