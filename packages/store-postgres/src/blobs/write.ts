import type { CompletedPart } from '@aws-sdk/client-s3'
import { HeadwayError } from '@headway/core'
import type { BlobPlace } from '@headway/store-kit'
import type { Bucket } from './bucket.js'
import { inPieces, Measured } from './measured.js'
import { PIECE_BYTES } from './rows.js'
import type { BlobRows, Measures } from './rows.js'

/** How much is sent to the bucket at once, in bytes; it is held in memory. S3 takes no parts below 5 MiB but a last one. */
const PART_BYTES = 8 * 1024 * 1024

/** No store takes more parts of one object: with a bucket, no blob is larger than 78 GiB. */
const MAX_PARTS = 10_000

export interface WriteOptions {
  readonly maxBytes: number
  /** What is larger goes to the bucket. */
  readonly maxBytesInDatabase: number
  readonly bucket: Bucket | undefined
}

/**
 * Writes a blob, which nobody sees before it is whole. In memory are a few pieces, and for the bucket a part.
 *
 * @throws HeadwayError BODY_TOO_LARGE; NOT_FOUND when the blob was deleted meanwhile; StoreError; whatever the stream throws. What was written is
 *   still there then.
 */
export async function writeBlob(
  rows: BlobRows,
  place: BlobPlace,
  bytes: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Measures> {
  const { bucket, maxBytesInDatabase } = options
  const measured = new Measured(bytes, bucket === undefined ? options.maxBytes : Math.min(options.maxBytes, MAX_PARTS * PART_BYTES))
  const pieces = inPieces(measured, PIECE_BYTES)
  const measures = (): Measures => ({ size: measured.size, sha256: measured.sha256() })
  try {
    // One piece is held back: the last one is written together with what says that the blob is whole.
    let held: Buffer = Buffer.alloc(0)
    for (let number = 0; ; number++) {
      const next = await pieces.next()
      if (bucket !== undefined && measured.size > maxBytesInDatabase) {
        const written = piecesOf(rows, place, number - 1)
        const all = chain(written, held, next.done === true ? undefined : next.value, pieces)
        return await writeObject(rows, place, all, bucket, measures)
      }
      if (next.done === true) return await writeLast(rows, place, number - 1, held, measures())
      if (number === 1) await rows.begin(place, held)
      if (number > 1) stillThere(await rows.add(place, number - 1, held))
      held = next.value
    }
  } finally {
    await pieces.return(undefined)
  }
}

async function writeLast(rows: BlobRows, place: BlobPlace, number: number, bytes: Buffer, measures: Measures): Promise<Measures> {
  if (number <= 0) await rows.putWhole(place, measures, bytes)
  else stillThere(await rows.end(place, measures, number, bytes))
  return measures
}

/** Sends what comes to the bucket, in parts one after another. */
async function writeObject(
  rows: BlobRows,
  place: BlobPlace,
  bytes: AsyncIterable<Uint8Array>,
  bucket: Bucket,
  measures: () => Measures,
): Promise<Measures> {
  const upload = await bucket.begin(bucket.keyOf(place.owner, place.name))
  await rows.moveToBucket(place, upload.id)
  const parts: CompletedPart[] = []
  for await (const part of inPieces(bytes, PART_BYTES)) {
    parts.push(await bucket.addPart(upload, parts.length + 1, part))
    stillThere(await rows.touch(place))
  }
  await bucket.end(upload, parts)
  const result = measures()
  stillThere(await rows.endInBucket(place, result))
  return result
}

/** The pieces that are in the database. */
async function* piecesOf(rows: BlobRows, place: BlobPlace, count: number): AsyncGenerator<Buffer> {
  for (let number = 0; number < count; number++) {
    const piece = await rows.pieceOf(place, number)
    if (piece === undefined) throw deletedMeanwhile()
    yield piece
  }
}

async function* chain(
  written: AsyncIterable<Buffer>,
  held: Buffer,
  next: Buffer | undefined,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield* written
  yield held
  if (next !== undefined) yield next
  yield* rest
}

function stillThere(isThere: boolean): void {
  if (!isThere) throw deletedMeanwhile()
}

function deletedMeanwhile(): HeadwayError {
  return new HeadwayError('NOT_FOUND', 'The blob was deleted while it was written.')
}
