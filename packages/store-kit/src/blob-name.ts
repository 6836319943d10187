import { HeadwayError } from '@headway/core'
import type { BlobRef } from '@headway/core'
import type { JobId } from '@headway/protocol'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The owner and the name of a blob, whose reference is `<owner>/<name>`. References come back from outside, so anything may be in them. */
export function parseBlob({ blob }: Pick<BlobRef, 'blob'>): { readonly owner: JobId; readonly name: string } | undefined {
  const [owner, name, ...rest] = blob.split('/')
  if (owner === undefined || name === undefined || rest.length > 0 || !isUuid(owner) || !isUuid(name)) return undefined
  return { owner, name }
}

export function noSuchBlob({ blob }: Pick<BlobRef, 'blob'>): HeadwayError {
  return new HeadwayError('NOT_FOUND', `There is no blob ${JSON.stringify(blob)}.`)
}

export function blobTooLarge(maxBytes: number): HeadwayError {
  return new HeadwayError('BODY_TOO_LARGE', `The value is larger than ${maxBytes} bytes.`)
}
