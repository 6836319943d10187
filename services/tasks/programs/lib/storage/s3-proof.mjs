import { createHash } from 'node:crypto'

/**
 * How it is known, without reading an object, that the store has what was meant.
 *
 * A hash in the metadata says only what was to be sent. A store names what it has got by its own hash: the `ETag`, which is the MD5 of an object that
 * came at once, and the MD5 of the MD5s of the parts of one that came in parts; on AWS also a checksum of the kind that was sent. So an object
 * carries, beside its SHA-256, the ETags that the right bytes have, and is believed only where the store's own one is among them. That holds from the
 * moment when the object appears, also when the sync is killed before it reads it back, and needs no request and no list more than looking at it:
 * marking an object after it was read back would take another request for each, and AWS can't copy one above 5 GiB onto itself. Where a store's
 * ETags are something else (SSE-KMS, some makers), such objects are read instead, which is slower and never wrong.
 */

/** The names of the metadata: the hash of the content, and the ETags that a store of the right content may give. */
const HASH = 'sha256'
const ETAGS = 'etags'

/** What a content says about itself, as it is read from its beginning to its end. */
export class Fingerprint {
  /** @readonly */
  #sha256 = createHash('sha256')
  /** @readonly */
  #md5 = createHash('md5')
  /** @readonly */
  #partBytes
  /** @readonly */
  #ofParts = createHash('md5')
  #part = createHash('md5')
  #left
  #parts = 0
  #size = 0

  /** @param {number} [partBytes] for what is sent in parts of this size */
  constructor(partBytes = Infinity) {
    this.#partBytes = partBytes
    this.#left = partBytes
  }

  /** @param {Buffer} bytes */
  update(bytes) {
    this.#size += bytes.length
    this.#sha256.update(bytes)
    this.#md5.update(bytes)
    if (this.#partBytes === Infinity) return
    for (let rest = bytes; rest.length > 0;) {
      const taken = rest.subarray(0, this.#left)
      this.#part.update(taken)
      this.#left -= taken.length
      rest = rest.subarray(taken.length)
      if (this.#left === 0) this.#endPart()
    }
  }

  #endPart() {
    this.#ofParts.update(this.#part.digest())
    this.#parts += 1
    this.#part = createHash('md5')
    this.#left = this.#partBytes
  }

  /** @returns {{ size: number, sha256: string, md5: Buffer, etags: string[] }} hash in hex; the ETags of all ways to send it */
  end() {
    if (this.#left < this.#partBytes) this.#endPart()
    const md5 = this.#md5.digest()
    const inParts = this.#parts === 0 ? [] : [`${this.#ofParts.digest('hex')}-${this.#parts}`]
    return { size: this.#size, sha256: this.#sha256.digest('hex'), md5, etags: [md5.toString('hex'), ...inParts] }
  }
}

/** The metadata of an object with such a content. */
export function metadataOf({ sha256, etags }) {
  return { [HASH]: sha256, [ETAGS]: etags.join(' ') }
}

/**
 * The hash of what the store has, as far as the store itself stands for it.
 *
 * @param {import('@aws-sdk/client-s3').HeadObjectCommandOutput} head
 * @returns {string | undefined} undefined where only reading it would tell
 */
export function provenHash({ ETag: etag = '', ChecksumSHA256: checksum, ChecksumType: type, Metadata: metadata = {} }) {
  // A checksum of parts has their number at its end.
  if (checksum !== undefined && type !== 'COMPOSITE' && !checksum.includes('-')) return Buffer.from(checksum, 'base64').toString('hex')
  const expected = metadata[ETAGS]?.split(' ') ?? []
  return expected.includes(etag.replaceAll('"', '')) ? metadata[HASH] : undefined
}
