import { createHash } from 'node:crypto'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { getMimeType } from 'hono/utils/mime'
import { Failure } from '../command-line.mjs'
import { forEachAtOnce, paceOf } from '../pool.mjs'
import { ByteBudget } from './byte-budget.mjs'
import { createS3Client, explained, isNotFound, isUnknownRequest } from './s3-client.mjs'
import { Lie, upload, uploadBytes } from './s3-upload.mjs'

/** Requests at a time where nothing else is said. */
const DEFAULT_AT_ONCE = 16

/** Bytes that uploads hold in memory together. */
const UPLOAD_BYTES = 64 * 1024 * 1024

/** A larger object can't be copied by one request. In bytes. */
const MAX_COPY_BYTES = 5 * 1024 ** 3

/** The name of the metadata that holds the hash. */
const HASH = 'sha256'

/** @param {Extract<import('../places.mjs').Place, { kind: 's3' }>} place */
export function openS3Storage(place) {
  return new S3Storage(place, createS3Client())
}

/** A place in a bucket. See `open-storage.mjs` for what its methods promise. An object carries the hash of its content as metadata. */
class S3Storage {
  isFolder = false
  /** @readonly */
  #client
  /** @readonly */
  #bucket
  /** @readonly */
  #prefix
  /** @readonly */
  #budget = new ByteBudget(UPLOAD_BYTES)

  constructor({ bucket, prefix }, client) {
    this.#client = client
    this.#bucket = bucket
    this.#prefix = prefix
    this.shown = `s3://${bucket}/${prefix}`.replace(/\/$/, '')
  }

  show(path) {
    return path === '' ? this.shown : `${this.shown}/${path}`
  }

  async read(path, maxBytes) {
    const object = await this.#get(path)
    if (object === undefined) return undefined
    if (object.ContentLength > maxBytes) {
      object.Body.destroy()
      throw new Failure(`${this.show(path)} has ${object.ContentLength} bytes; at most ${maxBytes} are read.`)
    }
    return Buffer.from(await this.#told(object.Body.transformToByteArray()))
  }

  async write(path, bytes) {
    const body = Buffer.from(bytes)
    await this.#send(new PutObjectCommand({ ...this.#object(path), Body: body, ContentLength: body.length, CacheControl: 'no-cache' }))
  }

  async remove(path) {
    await this.#send(new DeleteObjectCommand(this.#at(path)))
  }

  async list(prefix) {
    const start = `${this.#prefix}${prefix}/`
    const found = []
    let token
    do {
      const command = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: start, EncodingType: 'url', ContinuationToken: token })
      const page = await this.#send(command)
      for (const { Key: key, Size: size, LastModified: modified } of page.Contents ?? []) {
        const name = page.EncodingType === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key
        // Some tools make an object for a folder.
        if (!name.endsWith('/')) found.push({ path: name.slice(start.length), size, modifiedMs: modified.getTime() })
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token !== undefined)
    return found
  }

  /** The metadata is believed: whoever changes an object replaces it, metadata and all. */
  async survey(prefix, files, onFile, { threads = DEFAULT_AT_ONCE, signal } = {}) {
    const look = async ({ path }, index) => onFile(index, await this.#facts(`${prefix}/${path}`, signal))
    await forEachAtOnce(files, threads, look, signal)
  }

  async hash(prefix, files, onFile, { rate = 0, threads = DEFAULT_AT_ONCE, signal } = {}) {
    const pace = paceOf(rate)
    const look = async ({ path, size }, index) => {
      await pace(index, signal)
      onFile(index, await this.#contentFacts(`${prefix}/${path}`, size, signal))
    }
    await forEachAtOnce(files, threads, look, signal)
  }

  async put(prefix, files, onFile, { source, threads = DEFAULT_AT_ONCE, signal }) {
    const putOne = async (file, index) =>
      onFile(index, await this.#putFile(join(source, file.path), `${prefix}/${file.path}`, file, signal))
    await forEachAtOnce(files, threads, putOne, signal)
  }

  /** Objects appear as a whole; what is left of a broken-off upload are its parts, which cost money and are not to be seen. */
  async clear(prefix, { deep }) {
    if (!deep) return
    try {
      const page = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: `${this.#prefix}${prefix}/` }))
      for (const { Key: key, UploadId: id } of page.Uploads ?? []) {
        await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key: key, UploadId: id }))
      }
    } catch (error) {
      if (!isUnknownRequest(error)) throw explained(this.shown, error)
    }
  }

  async removeAll(prefix, paths) {
    await forEachAtOnce(paths, DEFAULT_AT_ONCE, (path) => this.remove(`${prefix}/${path}`))
  }

  async flush() {
    return true
  }

  async #putFile(source, path, file, signal) {
    if (file.reuse !== undefined && (await this.#take(file.reuse, path, file, signal))) return { how: 'reused' }
    try {
      const params = { ...this.#object(path), Metadata: { [HASH]: file.sha256 } }
      await this.#budget.use(uploadBytes(file.size), () => this.#told(upload(this.#client, source, file, params, signal), signal))
    } catch (error) {
      if (error instanceof Lie) return { lie: error.message }
      throw error
    }
    const { size, sha256 } = await this.#contentFacts(path, file.size, signal)
    if (size !== file.size || sha256 !== file.sha256) throw new Failure(`${this.show(path)} is not what was written there. Run this again.`)
    return { how: 'copied' }
  }

  /** Has the bucket copy an object that it has. @returns whether it was what it should be */
  async #take(from, path, { size, sha256 }, signal) {
    const isRight = (facts) => facts.size === size && facts.sha256 === sha256
    const facts = await this.#facts(from, signal)
    if (!isRight(facts) || size > MAX_COPY_BYTES) return false
    const source = `${this.#bucket}/${this.#prefix}${from}`.split('/').map(encodeURIComponent).join('/')
    await this.#send(new CopyObjectCommand({ ...this.#at(path), CopySource: source, CopySourceIfMatch: facts.etag }), signal)
    return isRight(await this.#facts(path, signal))
  }

  async #facts(path, signal) {
    try {
      const head = await this.#client.send(new HeadObjectCommand(this.#at(path)), { abortSignal: signal })
      return { size: head.ContentLength, sha256: head.Metadata?.[HASH] ?? '', etag: head.ETag }
    } catch (error) {
      if (isNotFound(error)) return { trouble: 'missing' }
      throw this.#explain(error, signal)
    }
  }

  async #contentFacts(path, expectedSize, signal) {
    const object = await this.#get(path, signal)
    if (object === undefined) return { trouble: 'missing' }
    if (object.ContentLength !== expectedSize) {
      object.Body.destroy()
      return { size: object.ContentLength, sha256: '' }
    }
    const hash = createHash('sha256')
    let size = 0
    const readAll = async () => {
      for await (const bytes of object.Body) {
        hash.update(bytes)
        size += bytes.length
      }
    }
    await this.#told(readAll(), signal)
    return { size, sha256: hash.digest('hex') }
  }

  async #get(path, signal) {
    try {
      return await this.#client.send(new GetObjectCommand(this.#at(path)), { abortSignal: signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw this.#explain(error, signal)
    }
  }

  #send(command, signal) {
    return this.#told(this.#client.send(command, { abortSignal: signal }), signal)
  }

  /** What a request gives, or why not, for people. */
  async #told(promise, signal) {
    try {
      return await promise
    } catch (error) {
      throw this.#explain(error, signal)
    }
  }

  #explain(error, signal) {
    if (error instanceof Lie || error instanceof Failure) return error
    return signal?.aborted ? signal.reason : explained(this.shown, error)
  }

  #at(path) {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${path}` }
  }

  #object(path) {
    return { ...this.#at(path), ContentType: getMimeType(path) ?? 'application/octet-stream' }
  }
}
