import { HeadwayError, StoreError } from '@headway/core'
import type { BlobRef } from '@headway/core'
import type { JobId } from '@headway/protocol'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Where a blob is: its reference is `<owner>/<name>`, and both are UUIDs. */
export interface BlobPlace {
  readonly owner: JobId
  readonly name: string
}

/** The place of a blob. References come back from outside, so anything may be in them. @throws HeadwayError NOT_FOUND */
export function blobPlace(ref: Pick<BlobRef, 'blob'>): BlobPlace {
  const place = parse(ref.blob)
  if (place === undefined) throw noSuchBlob(ref)
  return place
}

/** The place of a blob that another store gives, under the name that it has there. @throws StoreError when it is not its owner's */
export function placeOfCopy(owner: JobId, blob: string): BlobPlace {
  const place = parse(blob)
  if (place?.owner !== owner) throw new StoreError('unavailable', `A blob of job ${owner} can't be named ${blob}.`)
  return place
}

/** @throws HeadwayError NOT_FOUND when no job can have this id */
export function checkBlobOwner(owner: JobId): void {
  if (!UUID.test(owner)) throw new HeadwayError('NOT_FOUND', 'There is no such job.')
}

export function isBlobName(name: string): boolean {
  return UUID.test(name)
}

function parse(blob: string): BlobPlace | undefined {
  const [owner, name, ...rest] = blob.split('/')
  if (owner === undefined || name === undefined || rest.length > 0 || !UUID.test(owner) || !UUID.test(name)) return undefined
  return { owner, name }
}

export function noSuchBlob({ blob }: Pick<BlobRef, 'blob'>): HeadwayError {
  return new HeadwayError('NOT_FOUND', `There is no blob ${JSON.stringify(blob)}.`)
}

export function blobTooLarge(maxBytes: number): HeadwayError {
  return new HeadwayError('BODY_TOO_LARGE', `The value is larger than ${maxBytes} bytes.`)
}
