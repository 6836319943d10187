import type { Duplex } from 'node:stream'
import zlib from 'node:zlib'
import { DownloadError } from '../errors.js'
import { createZstdDecoder } from './zstd.js'

/** One coding is usual; two happen by mistake (a compressed file compressed once more on its way); more are an attack. */
const MAX_CODINGS = 2
const CHUNK_BYTES = 64 * 1024

/** What is asked for. Here zstd takes a thread of its own, so a server that has another choice should take it. */
export const ACCEPT_ENCODING = 'gzip, br, zstd;q=0.5, identity;q=0.3'

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: () => zlib.createGunzip({ chunkSize: CHUNK_BYTES }),
  'x-gzip': () => zlib.createGunzip({ chunkSize: CHUNK_BYTES }),
  br: () => zlib.createBrotliDecompress({ chunkSize: CHUNK_BYTES }),
  zstd: createZstdDecoder,
}

/**
 * The codings of a `Content-Encoding` header in the order in which they are undone.
 *
 * @throws DownloadError UNSUPPORTED_ENCODING when one is unknown or there are more than two
 */
export function codingsOf(header: string | string[] | undefined): readonly string[] {
  const named = [header ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value !== '' && value !== 'identity')
  const unknown = named.find((coding) => !Object.hasOwn(DECODERS, coding))
  if (unknown !== undefined) {
    throw new DownloadError(
      'UNSUPPORTED_ENCODING',
      `The server sent the content in an encoding that it was not asked for (${unknown.slice(0, 40)}).`,
    )
  }
  if (named.length > MAX_CODINGS) {
    throw new DownloadError(
      'UNSUPPORTED_ENCODING',
      `The content is compressed ${String(named.length)} times; at most ${String(MAX_CODINGS)} are allowed.`,
    )
  }
  return named.toReversed()
}

/** A stream for each coding. None holds more than a few chunks; what comes out is not limited here. */
export function createDecoders(codings: readonly string[]): readonly Duplex[] {
  return codings.flatMap((coding) => DECODERS[coding]?.() ?? [])
}
