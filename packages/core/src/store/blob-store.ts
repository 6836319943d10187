import type { JobId } from '@headway/protocol'

/** Where a large value is. It is JSON, so that an event or a result can hold it. */
export interface BlobRef {
  readonly blob: string
  /** In bytes. */
  readonly size: number
  /** Of the bytes, in lower-case hex. */
  readonly sha256: string
}

/** Values too large for an event: uploads, results. A blob belongs to a job and goes with it. */
export interface BlobStore {
  /** Stores a stream; durable when it resolves. A stream that fails leaves nothing behind. Over `maxBytes` it throws HeadwayError BODY_TOO_LARGE. */
  put(owner: JobId, bytes: AsyncIterable<Uint8Array>, options?: { readonly maxBytes?: number }): Promise<BlobRef>
  /** The bytes from `start` up to, and without, `end`. Throws HeadwayError NOT_FOUND from the first read when the blob is gone. */
  read(ref: BlobRef, range?: { readonly start?: number; readonly end?: number }): AsyncIterable<Uint8Array>
  delete(ref: BlobRef): Promise<void>
  /** Deletes all blobs of a job. */
  deleteAll(owner: JobId): Promise<void>
  /**
   * The jobs that have blobs, so that what a crash left behind can be found; a store may leave out those that are there. A blob may be there before
   * its job is. Where several nodes share the store, only jobs whose newest blob is older than an hour are given, so that a node which begins takes
   * nothing from a job that another is making.
   */
  owners(): AsyncIterable<JobId>
}
