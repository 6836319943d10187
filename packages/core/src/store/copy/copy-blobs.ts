import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import type { JobId } from '@headway/protocol'
import type { BlobRef, BlobStore } from '../blob-store.js'
import type { Stores } from '../stores.js'
import type { StoreTransfer } from '../transfer.js'
import { CopyError } from './copy-error.js'
import { each } from './side-by-side.js'

export interface CopiedBlobs {
  readonly blobs: number
  readonly bytes: number
  /** Over the names and hashes of all, whatever their order. 32 bytes. */
  readonly sum: Buffer
}

/**
 * Copies all blobs, each as a stream, and reads back each that has arrived.
 *
 * @param copied is told how many blobs have arrived
 * @throws CopyError `not_alike`
 */
export async function copyBlobs(
  [from, source]: readonly [Stores, StoreTransfer],
  [to, target]: readonly [Stores, StoreTransfer],
  copied: (blobs: number) => void,
): Promise<CopiedBlobs> {
  let [blobs, bytes] = [0, 0]
  const sum = Buffer.alloc(32)
  for await (const { owner, blob, size } of each(source.blobs())) {
    const { sha256 } = await copyBlob(from.blobs, target, owner, { blob, size, sha256: '' })
    if ((await hashOf(to.blobs, { blob, size, sha256 })) !== sha256) throw notAlike(blob)
    const own = createHash('sha256').update(`${blob}\n${sha256}\n`).digest()
    // The order of blobs is another one in each store.
    for (const [index, byte] of own.entries()) sum[index] = ((sum[index] ?? 0) + byte) % 256
    blobs += 1
    bytes += size
    copied(blobs)
  }
  return { blobs, bytes, sum }
}

async function copyBlob(from: BlobStore, target: StoreTransfer, owner: JobId, ref: BlobRef): Promise<BlobRef> {
  const hash = createHash('sha256')
  const put = await target.putBlob(owner, ref.blob, hashed(from.read(ref), hash))
  if (put.blob !== ref.blob || put.size !== ref.size || put.sha256 !== hash.digest('hex')) throw notAlike(ref.blob)
  return put
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}

async function hashOf(blobs: BlobStore, ref: BlobRef): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of blobs.read(ref)) hash.update(chunk)
  return hash.digest('hex')
}

function notAlike(blob: string): CopyError {
  return new CopyError('not_alike', `Blob ${blob} did not arrive as it was.`)
}
