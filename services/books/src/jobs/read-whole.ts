import type { BlobRef, JobBlobs } from '@headway/core'

/** A blob's bytes. What is read so was limited when it was uploaded. */
export async function readWhole(blobs: Pick<JobBlobs, 'read'>, ref: BlobRef): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of blobs.read(ref)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
