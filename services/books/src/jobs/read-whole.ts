import { HeadwayError, JobFailure } from '@headway/core'
import type { BlobRef, JobBlobs } from '@headway/core'

/**
 * A blob's bytes. What is read so was limited when it was uploaded.
 *
 * @throws JobFailure UPLOAD_GONE: a job that is run again reads the upload of the first, which goes with it
 */
export async function readWhole(blobs: Pick<JobBlobs, 'read'>, ref: BlobRef): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of blobs.read(ref)) chunks.push(chunk)
  } catch (error) {
    if (!(error instanceof HeadwayError) || error.code !== 'NOT_FOUND') throw error
    const message = 'A file of this job is not kept any more: it went with the job that it was sent for. Send it again.'
    throw new JobFailure('UPLOAD_GONE', message, { cause: error, retryable: false })
  }
  return Buffer.concat(chunks)
}
