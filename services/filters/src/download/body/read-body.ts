import { Transform, Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DownloadError } from '../errors.js'
import type { BodySink } from './body-sink.js'
import { codingsOf, createDecoders } from './decoders.js'
import { HEAD_BYTES, notAList } from './recognise.js'

/** A fast network brings more than this at once; it is taken in before others get their turn: about a millisecond of hashing and copying. */
const TURN_BYTES = 256 * 1024

/** How much a source may be, in bytes. */
export interface SizeLimits {
  /** As it comes over the network, when it is compressed. */
  readonly maxCompressedBytes: number
  /** As it is used. */
  readonly maxExpandedBytes: number
}

/** What a body is said to be, and how many of its bytes came over the network so far. */
export interface BodyFacts {
  readonly encoding: string | string[] | undefined
  readonly type: string | undefined
  /** The `Content-Length` header. */
  readonly length: string | undefined
  received: number
}

/**
 * Reads a body to its end: counts what comes, expands it, and stops as soon as it is too much or turns out to be no list.
 *
 * @throws DownloadError SOURCE_TOO_LARGE, SOURCE_NOT_TEXT, SOURCE_CORRUPT, UNSUPPORTED_ENCODING; what the connection threw as it is
 */
export async function readBody<Body>(
  body: Readable,
  facts: BodyFacts,
  limits: SizeLimits,
  buffer: BodySink<Body>,
  signal: AbortSignal,
): Promise<Body> {
  const codings = codingsOf(facts.encoding)
  const wireLimit = codings.length === 0 ? limits.maxExpandedBytes : limits.maxCompressedBytes
  // A body that is shorter than its length fails in undici. One that is longer can't be told from one that is right: the length is where the
  // content ends (RFC 9112, 6.3), undici has given it as whole by then, and takes what comes after it for another answer of that connection.
  if (Number(facts.length ?? 0) > wireLimit) throw tooLarge(wireLimit, codings.length > 0)
  const meter = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      facts.received += chunk.length
      if (facts.received > wireLimit) done(tooLarge(wireLimit, codings.length > 0))
      else done(null, chunk)
    },
  })
  const recognise = () => {
    const other = notAList(buffer.head(HEAD_BYTES), facts.type)
    return other === undefined ? null : notText(other)
  }
  let recognised = false
  let inTurn = 0
  /** With backpressure, so that a network that is faster than we are does not keep the thread from everyone else. */
  const yieldAfter = (bytes: number, done: () => void) => {
    inTurn += bytes
    if (inTurn < TURN_BYTES) {
      done()
      return
    }
    inTurn = 0
    setImmediate(done)
  }
  const collect = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (buffer.size + chunk.length > limits.maxExpandedBytes) {
        done(tooLarge(limits.maxExpandedBytes, false))
        return
      }
      const written = buffer.append(chunk)
      if (!recognised && buffer.size >= HEAD_BYTES) {
        recognised = true
        const refusal = recognise()
        if (refusal !== null) {
          done(refusal)
          return
        }
      }
      if (written === undefined) yieldAfter(chunk.length, done)
      else void written.then(() => yieldAfter(chunk.length, done))
    },
    final: (done) => done(recognised ? null : recognise()),
  })
  try {
    await pipeline([body, meter, ...createDecoders(codings), collect], { signal })
  } catch (error) {
    if (!isDecoding(error)) throw error
    // Nothing at all is no gzip, but some servers name a coding for an empty answer too.
    if (facts.received > 0) throw corrupt()
  }
  return buffer.finish()
}

/** What a source that is no list is refused with. */
export function notText(message: string): DownloadError {
  return new DownloadError('SOURCE_NOT_TEXT', message)
}

/** What a source over a limit is refused with. */
export function tooLarge(limitBytes: number, compressed: boolean): DownloadError {
  const how = compressed ? 'compressed' : 'in full'
  return new DownloadError('SOURCE_TOO_LARGE', `The source is larger than ${String(limitBytes)} bytes ${how}, which is the limit.`)
}

function corrupt(): DownloadError {
  return new DownloadError('SOURCE_CORRUPT', 'The compressed content is damaged or ends early.', { retryable: true })
}

/** The codes of zlib and brotli, and that of zstd. */
function isDecoding(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(?:Z_|ERR__|ERR_BROTLI|ZSTD)/.test(code)
}
