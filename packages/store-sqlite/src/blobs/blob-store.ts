import { StoreError } from '@headway/core'
import type { BlobRecord, BlobRef, BlobStore } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { blobPlace, blobTooLarge, checkBlobOwner, isBlobName, noSuchBlob, placeOfCopy } from '@headway/store-kit'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { storeErrorOf } from '../client/store-error.js'
import { wireErrorOf } from '../errors.js'

/** How much is read at a time, in bytes. */
const CHUNK_BYTES = 64 * 1024

/** Files that are being written have this ending; a crash may leave some, which go with their job. */
const UNFINISHED = '.tmp'

/** Blobs as files, `<owner>/<uuid>`; see `BlobStore`. */
export class FileBlobStore implements BlobStore {
  readonly #folder: string
  #closed = false

  constructor(folder: string) {
    this.#folder = folder
  }

  async put(owner: JobId, bytes: AsyncIterable<Uint8Array>, options: { readonly maxBytes?: number } = {}): Promise<BlobRef> {
    return this.#write(owner, randomUUID(), bytes, options.maxBytes ?? Infinity)
  }

  /** Stores a stream under the name that it has in another store. */
  async putAs(owner: JobId, blob: string, bytes: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    return this.#write(owner, placeOfCopy(owner, blob).name, bytes, Infinity)
  }

  /** The blobs of a job that are complete. */
  async list(owner: JobId): Promise<readonly BlobRecord[]> {
    this.#checkOpen()
    const folder = this.#ownerFolder(owner)
    const names = (await readdir(folder)).filter(isBlobName)
    return Promise.all(names.map(async (name) => ({ owner, blob: `${owner}/${name}`, size: (await stat(join(folder, name))).size })))
  }

  async #write(owner: JobId, name: string, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BlobRef> {
    this.#checkOpen()
    const folder = this.#ownerFolder(owner)
    const path = join(folder, name)
    const unfinished = path + UNFINISHED
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const { size, sha256 } = await writeFile(unfinished, bytes, maxBytes)
      await rename(unfinished, path)
      await syncFolder(folder)
      await syncFolder(this.#folder)
      return { blob: `${owner}/${name}`, size, sha256 }
    } catch (error) {
      await rm(unfinished, { force: true })
      throw asStoreError(error)
    }
  }

  async *read(ref: BlobRef, range: { readonly start?: number; readonly end?: number } = {}): AsyncGenerator<Uint8Array> {
    this.#checkOpen()
    const file = await open(this.#pathOf(ref)).catch((error: unknown) => {
      throw isMissing(error) ? noSuchBlob(ref) : asStoreError(error)
    })
    try {
      const end = Math.min(range.end ?? ref.size, ref.size)
      for (let position = Math.max(0, range.start ?? 0); position < end;) {
        const length = Math.min(CHUNK_BYTES, end - position)
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, position)
        if (bytesRead === 0) throw new StoreError('corrupt', `Blob ${ref.blob} has ${position} bytes instead of ${ref.size}.`)
        yield buffer.subarray(0, bytesRead)
        position += bytesRead
      }
    } finally {
      await file.close()
    }
  }

  async delete(ref: BlobRef): Promise<void> {
    this.#checkOpen()
    await rm(this.#pathOf(ref), { force: true })
  }

  async deleteAll(owner: JobId): Promise<void> {
    this.#checkOpen()
    await rm(this.#ownerFolder(owner), { recursive: true, force: true })
  }

  async *owners(): AsyncGenerator<JobId> {
    this.#checkOpen()
    for (const name of await readdir(this.#folder)) if (isBlobName(name)) yield name
  }

  close(): void {
    this.#closed = true
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'The store was closed.')
  }

  #ownerFolder(owner: JobId): string {
    checkBlobOwner(owner)
    return join(this.#folder, owner)
  }

  /** References come back from outside: only what `put` made becomes a path. */
  #pathOf(ref: BlobRef): string {
    const { owner, name } = blobPlace(ref)
    return join(this.#folder, owner, name)
  }
}

async function writeFile(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of bytes) {
      size += chunk.byteLength
      if (size > maxBytes) throw blobTooLarge(maxBytes)
      hash.update(chunk)
      for (let written = 0; written < chunk.byteLength;) written += (await file.write(chunk, written)).bytesWritten
    }
    await file.datasync()
  } finally {
    await file.close()
  }
  return { size, sha256: hash.digest('hex') }
}

/** Makes a renamed or new entry of a folder durable. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Errors of the file system become the store's; those of the stream that was read stay as they are. */
function asStoreError(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? storeErrorOf(wireErrorOf(error)) : error
}
