import { StoreError } from '@headway/core'
import type { BlobRecord, BlobRef, BlobStore } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { blobPlace, checkBlobOwner, placeOfCopy } from '@headway/store-kit'
import type { BlobPlace } from '@headway/store-kit'
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.js'
import type { BucketOptions } from '../options.js'
import { Bucket } from './bucket.js'
import { readBlob } from './read.js'
import type { Range } from './read.js'
import { BlobRows } from './rows.js'
import { writeBlob } from './write.js'

export interface BlobOptions {
  /** Larger ones go to the bucket, where there is one. */
  readonly maxBytesInDatabase: number
  readonly bucket?: BucketOptions
}

/** Blobs in the database, and large ones in a bucket; see `BlobStore`. */
export class PostgresBlobStore implements BlobStore {
  readonly #rows: BlobRows
  readonly #bucket: Bucket | undefined
  readonly #maxBytesInDatabase: number

  constructor(db: Database, { maxBytesInDatabase, bucket }: BlobOptions) {
    this.#rows = new BlobRows(db)
    this.#bucket = bucket && new Bucket(bucket)
    this.#maxBytesInDatabase = maxBytesInDatabase
  }

  async put(owner: JobId, bytes: AsyncIterable<Uint8Array>, options: { readonly maxBytes?: number } = {}): Promise<BlobRef> {
    return this.#write({ owner, name: randomUUID() }, bytes, options.maxBytes ?? Infinity)
  }

  /** Stores a stream under the name that it has in another store, in place of what is there. */
  async putAs(owner: JobId, blob: string, bytes: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    const place = placeOfCopy(owner, blob)
    await this.#remove(owner, place.name)
    return this.#write(place, bytes, Infinity)
  }

  async *read(ref: BlobRef, range: Range = {}): AsyncGenerator<Uint8Array> {
    yield* readBlob(this.#rows, blobPlace(ref), range, () => this.#bucketOf(ref.blob))
  }

  async delete(ref: BlobRef): Promise<void> {
    const { owner, name } = blobPlace(ref)
    await this.#remove(owner, name)
  }

  async deleteAll(owner: JobId): Promise<void> {
    checkBlobOwner(owner)
    await this.#remove(owner, null)
  }

  /** Only those without a job: asking for each job by itself would take a starting node long. */
  owners(): AsyncGenerator<JobId> {
    return this.#rows.owners('left')
  }

  /** All owners, also those whose job is there or may be about to be created. */
  allOwners(): AsyncGenerator<JobId> {
    return this.#rows.owners('all')
  }

  /** All blobs that are whole. */
  async *list(): AsyncGenerator<readonly BlobRecord[]> {
    for (let after: BlobPlace | undefined; ;) {
      const page = await this.#rows.list(after)
      if (page.length === 0) return
      yield page.map(({ owner, name, size }) => ({ owner, blob: `${owner}/${name}`, size }))
      after = page.at(-1)
    }
  }

  async close(): Promise<void> {
    await this.#bucket?.close()
  }

  async #write(place: BlobPlace, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BlobRef> {
    checkBlobOwner(place.owner)
    const options = { maxBytes, maxBytesInDatabase: this.#maxBytesInDatabase, bucket: this.#bucket }
    try {
      return { blob: `${place.owner}/${place.name}`, ...(await writeBlob(this.#rows, place, bytes, options)) }
    } catch (error) {
      // Where that fails, too, what was written goes with its job: its row is there.
      await this.#remove(place.owner, place.name).catch(() => undefined)
      throw error
    }
  }

  /** Removes an owner's blobs, or the one with this name. Objects go before their rows, so that none is forgotten. */
  async #remove(owner: JobId, name: string | null): Promise<void> {
    for (;;) {
      const objects = await this.#rows.removeHere(owner, name)
      if (objects.length === 0) return
      for (const object of objects) {
        const blob = `${owner}/${object.name}`
        const bucket = this.#bucketOf(blob)
        await bucket.remove(bucket.keyOf(owner, object.name), object.upload)
        await this.#rows.remove({ owner, name: object.name })
      }
    }
  }

  #bucketOf(blob: string): Bucket {
    if (this.#bucket !== undefined) return this.#bucket
    throw new StoreError('unavailable', `Blob ${blob} is in a bucket, and this node was told of none.`)
  }
}
