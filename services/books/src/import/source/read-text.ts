import type { Encoding } from './encoding.js'
import { byteOrderMark } from './encoding.js'

/**
 * Pieces of a file as bytes in which every ASCII character is one byte: UTF-16 becomes UTF-8, what is UTF-8 or windows-1252 stays. The mark at the
 * beginning and zero bytes are left out.
 */
export async function* readText(chunks: AsyncIterable<Buffer> | Iterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = encoding.startsWith('utf-16') ? new TextDecoder(encoding, { ignoreBOM: false }) : undefined
  let isFirst = true
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield withoutZeros(Buffer.from(decoder.decode(chunk, { stream: true })))
      continue
    }
    const mark = isFirst ? byteOrderMark(chunk) : undefined
    isFirst = false
    yield withoutZeros(mark?.encoding === 'utf-8' ? chunk.subarray(mark.length) : chunk)
  }
  if (decoder !== undefined) yield Buffer.from(decoder.decode())
}

function withoutZeros(bytes: Buffer): Buffer {
  return bytes.includes(0) ? (bytes.filter((byte) => byte !== 0) as Buffer) : bytes
}
