import { StoreError } from '@headway/core'
import type * as sdkOfS3 from '@aws-sdk/client-s3'
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3'
import type { BucketOptions } from '../options.js'

type Sdk = typeof sdkOfS3

/** A request that gets no further for so long is given up and tried again. In milliseconds. */
const CONNECTION_TIMEOUT_MS = 10_000
const SOCKET_TIMEOUT_MS = 60_000

/** Sockets of one node. */
const MAX_SOCKETS = 64

/** How often bytes that break off are asked for. */
const MAX_ATTEMPTS = 4

/** An upload that is under way. */
export interface Upload {
  readonly key: string
  readonly id: string
}

/** A bucket of S3, or of a store that speaks its protocol. Keys to it come from where the AWS SDK looks for them. Everything throws StoreError `unavailable`. */
export class Bucket {
  readonly #options: BucketOptions
  #opening: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | undefined

  constructor(options: BucketOptions) {
    this.#options = options
  }

  /** The name of a blob's object. */
  keyOf(owner: string, name: string): string {
    return `${this.#options.prefix ?? ''}${owner}/${name}`
  }

  begin(key: string): Promise<Upload> {
    return this.#ask(async ({ CreateMultipartUploadCommand }, client) => {
      const { UploadId: id } = await client.send(new CreateMultipartUploadCommand(this.#at(key)))
      if (id === undefined) throw new Error('An upload has no id.')
      return { key, id }
    })
  }

  /** @param number from 1 */
  addPart({ key, id }: Upload, number: number, bytes: Buffer): Promise<CompletedPart> {
    return this.#ask(async ({ UploadPartCommand }, client) => {
      const part = { ...this.#at(key), UploadId: id, PartNumber: number, Body: bytes, ContentLength: bytes.length }
      const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 } = await client.send(new UploadPartCommand(part))
      return { PartNumber: number, ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 }
    })
  }

  /** The object is there, and durable, when this resolves. */
  end({ key, id }: Upload, parts: readonly CompletedPart[]): Promise<void> {
    return this.#ask(async ({ CompleteMultipartUploadCommand }, client) => {
      await client.send(new CompleteMultipartUploadCommand({ ...this.#at(key), UploadId: id, MultipartUpload: { Parts: [...parts] } }))
    })
  }

  /** Removes an upload, if one is given, and the object. Done again it does no harm. */
  remove(key: string, uploadId: string | null): Promise<void> {
    return this.#ask(async ({ AbortMultipartUploadCommand, DeleteObjectCommand }, client) => {
      if (uploadId !== null) {
        await client.send(new AbortMultipartUploadCommand({ ...this.#at(key), UploadId: uploadId })).catch((error: unknown) => {
          if (!isGone(error) && !isUnknownRequest(error)) throw error
        })
      }
      await client.send(new DeleteObjectCommand(this.#at(key))).catch((error: unknown) => {
        if (!isGone(error)) throw error
      })
    })
  }

  /** The bytes from `start` up to, and without, `end`, at once. Undefined: there is no such object. */
  read(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    return this.#ask(async ({ GetObjectCommand }, client) => {
      for (let attempt = 1; ; attempt++) {
        try {
          const { Body } = await client.send(new GetObjectCommand({ ...this.#at(key), Range: `bytes=${start}-${end - 1}` }))
          const bytes = await Body?.transformToByteArray()
          if (bytes?.length !== end - start) throw new Error(`It gave ${bytes?.length ?? 0} bytes instead of ${end - start}.`)
          return bytes
        } catch (error) {
          if (isGone(error)) return undefined
          // The client asks again when there is no answer; for one that breaks off in the middle this is done here.
          if (isRefusal(error) || attempt === MAX_ATTEMPTS) throw error
        }
      }
    })
  }

  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined)
    opened?.client.destroy()
  }

  /** What an error of the bucket means to users of the store, without the error itself: it may hold what was asked, and who asked. */
  #errorOf(error: unknown): StoreError {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return new StoreError('unavailable', `The bucket ${this.#options.bucket} failed: ${said}`)
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#options.bucket, Key: key }
  }

  async #ask<T>(work: (sdk: Sdk, client: S3Client) => Promise<T>): Promise<T> {
    try {
      const { sdk, client } = await (this.#opening ??= open(this.#options))
      return await work(sdk, client)
    } catch (error) {
      throw this.#errorOf(error)
    }
  }
}

/** The SDK is large: it is loaded when a bucket is first needed. */
async function open({ region, endpoint, forcePathStyle }: BucketOptions): Promise<{ readonly sdk: Sdk; readonly client: S3Client }> {
  // It speaks to whoever chooses the SDK's version, not to whoever runs a server.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      httpsAgent: { maxSockets: MAX_SOCKETS },
      httpAgent: { maxSockets: MAX_SOCKETS },
    },
    ...(region !== undefined && { region }),
    ...(forcePathStyle !== undefined && { forcePathStyle }),
    ...(endpoint !== undefined && {
      endpoint,
      // Other makers' stores often don't know the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // They ask for one, and any will do.
      ...(region === undefined && process.env.AWS_REGION === undefined && { region: 'us-east-1' }),
    }),
  })
  return { sdk, client }
}

/** What the bucket answered, when it did. */
interface Refusal extends Error {
  readonly $metadata: { readonly httpStatusCode?: number }
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && '$metadata' in error
}

function isGone(error: unknown): boolean {
  return isRefusal(error) && ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name)
}

/** Not every maker's store can give up an upload; what is left of it goes by the bucket's own rules. */
function isUnknownRequest(error: unknown): boolean {
  return isRefusal(error) && (error.name === 'NotImplemented' || [405, 501].includes(error.$metadata.httpStatusCode ?? 0))
}
