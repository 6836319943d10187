import { StoreError } from '@headway/core'
import { noSuchBlob } from '@headway/store-kit'
import type { BlobPlace } from '@headway/store-kit'
import type { Bucket } from './bucket.js'
import { PIECE_BYTES } from './rows.js'
import type { BlobRows } from './rows.js'

/** How much of an object is asked for at once, in bytes. It is taken whole, so that whoever reads slowly holds no connection to the bucket. */
const OBJECT_BYTES = 1024 * 1024

export interface Range {
  readonly start?: number
  readonly end?: number
}

/**
 * Reads a blob, a piece at a time and none before it is asked for.
 *
 * @throws HeadwayError NOT_FOUND; StoreError
 */
export async function* readBlob(rows: BlobRows, place: BlobPlace, range: Range, bucket: () => Bucket): AsyncGenerator<Uint8Array> {
  const blob = `${place.owner}/${place.name}`
  let position = Math.max(0, Math.trunc(range.start ?? 0))
  const last = Math.trunc(range.end ?? Infinity)
  for (;;) {
    const number = Math.floor(position / PIECE_BYTES)
    const from = position - number * PIECE_BYTES
    const found = await rows.look(place, number, from, Math.max(0, Math.min(PIECE_BYTES - from, last - position)))
    if (found === undefined) throw noSuchBlob({ blob })
    const end = Math.min(last, found.size)
    if (position >= end) return
    if (found.inBucket) {
      yield* readObject(bucket(), place, position, end)
      return
    }
    if (found.bytes === null || found.bytes.length === 0) {
      throw new StoreError('corrupt', `Blob ${blob} has ${position} bytes instead of ${found.size}.`)
    }
    yield found.bytes
    position += found.bytes.length
    if (position >= end) return
  }
}

async function* readObject(bucket: Bucket, { owner, name }: BlobPlace, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; position += OBJECT_BYTES) {
    const bytes = await bucket.read(bucket.keyOf(owner, name), position, Math.min(position + OBJECT_BYTES, end))
    if (bytes === undefined) throw noSuchBlob({ blob: `${owner}/${name}` })
    yield bytes
  }
}
