import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { getMimeType } from 'hono/utils/mime'
import { Failure } from '../command-line.mjs'
import { forEachAtOnce, paceOf } from '../pool.mjs'
import { ByteBudget } from './byte-budget.mjs'
import { createS3Client, explained, isChangedMeanwhile, isNotFound, keyOf, knowsChecksums } from './s3-client.mjs'
import { abortUploads } from './s3-leftovers.mjs'
import { provenHash } from './s3-proof.mjs'
import { readObject } from './s3-read.mjs'
import { Lie, upload, uploadBytes } from './s3-upload.mjs'

/** Requests at a time where nothing else is said. */
const DEFAULT_AT_ONCE = 16

/** Bytes that uploads hold in memory together. */
const UPLOAD_BYTES = 64 * 1024 * 1024

/** A larger object can't be copied by one request. In bytes. */
const MAX_COPY_BYTES = 5 * 1024 ** 3

/** @param {Extract<import('../places.mjs').Place, { kind: 's3' }>} place */
export function openS3Storage(place) {
  return new S3Storage(place, createS3Client())
}

/** A place in a bucket. See `open-storage.mjs` for what its methods promise. What an object is believed without reading it, `s3-proof.mjs` says. */
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
    let chunks = []
    const begin = () => {
      chunks = []
      return (bytes) => chunks.push(bytes)
    }
    const found = await this.#told(readObject(this.#client, this.#at(path), begin, { maxBytes }))
    if (found === undefined) return undefined
    if (!found.isWhole) throw new Failure(`${this.show(path)} has ${found.size} bytes or more; at most ${maxBytes} are read.`)
    return Buffer.concat(chunks)
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
        const name = keyOf(page, key)
        // Some tools make an object for a folder.
        if (!name.endsWith('/')) found.push({ path: name.slice(start.length), size, modifiedMs: modified.getTime() })
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token !== undefined)
    return found
  }

  /** What the store itself stands for is believed, and the rest is read. */
  async survey(prefix, files, onFile, { threads = DEFAULT_AT_ONCE, signal } = {}) {
    const look = async ({ path, size }, index) => onFile(index, await this.#facts(`${prefix}/${path}`, size, signal))
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
    await this.#told(abortUploads(this.#client, { Bucket: this.#bucket, Prefix: `${this.#prefix}${prefix}/` }))
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
      await this.#budget.use(uploadBytes(file.size), () =>
        this.#told(upload(this.#client, source, file, this.#object(path), signal), signal),
      )
    } catch (error) {
      if (error instanceof Lie) return { lie: error.message }
      throw error
    }
    if (isRight(file, await this.#contentFacts(path, file.size, signal))) return { how: 'copied' }
    // What the store has is known to be wrong: it must not be there when the next run looks.
    await this.remove(path)
    throw new Failure(`${this.show(path)} is not what was written there, and was removed. Run this again.`)
  }

  /** Has the bucket copy an object that it has. @returns whether it was what it should be */
  async #take(from, path, file, signal) {
    const facts = await this.#facts(from, file.size, signal)
    if (!isRight(file, facts) || file.size > MAX_COPY_BYTES) return false
    const source = `${this.#bucket}/${this.#prefix}${from}`.split('/').map(encodeURIComponent).join('/')
    const command = new CopyObjectCommand({ ...this.#at(path), CopySource: source, CopySourceIfMatch: facts.etag })
    try {
      await this.#client.send(command, { abortSignal: signal })
    } catch (error) {
      if (isChangedMeanwhile(error)) return false
      throw this.#explain(error, signal)
    }
    return isRight(file, await this.#facts(path, file.size, signal))
  }

  /** What the store stands for, or else what reading it tells. */
  async #facts(path, expectedSize, signal) {
    const head = await this.#head(path, signal)
    if (head === undefined) return { trouble: 'missing' }
    const sha256 = provenHash(head)
    if (sha256 === undefined && head.ContentLength === expectedSize) return this.#contentFacts(path, expectedSize, signal)
    return { size: head.ContentLength, sha256: sha256 ?? '', etag: head.ETag }
  }

  async #head(path, signal) {
    try {
      const checksums = (await knowsChecksums(this.#client)) ? { ChecksumMode: 'ENABLED' } : {}
      return await this.#client.send(new HeadObjectCommand({ ...this.#at(path), ...checksums }), { abortSignal: signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw this.#explain(error, signal)
    }
  }

  async #contentFacts(path, expectedSize, signal) {
    let hash
    const begin = () => {
      hash = createHash('sha256')
      return (bytes) => hash.update(bytes)
    }
    const found = await this.#told(readObject(this.#client, this.#at(path), begin, { maxBytes: expectedSize, signal }), signal)
    if (found === undefined) return { trouble: 'missing' }
    return { size: found.size, sha256: found.isWhole ? hash.digest('hex') : '', etag: found.etag }
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

function isRight(expected, { size, sha256 }) {
  return size === expected.size && sha256 === expected.sha256
}
