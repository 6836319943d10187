import type { Framing, SmallMessage } from './encode.js'

const FIN = 0x80
const CONTINUATION = 0x0
const TEXT = 0x1

/**
 * Messages as WebSocket text frames (RFC 6455, 5.2). A server's frames have no mask, so the same bytes are good for every socket:
 * they are made once and written as they are. Ids and names are not sent; a body carries what it needs.
 */
export const socketFraming: Framing<Buffer> = {
  chunk(messages: readonly SmallMessage[]) {
    const lengths = messages.map(({ body }) => Buffer.byteLength(body))
    const frames = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headLength(length) + length, 0))
    let at = 0
    for (const [index, { body }] of messages.entries()) {
      const length = lengths[index] ?? 0
      at = writeHead(frames, at, FIN | TEXT, length)
      at += frames.write(body, at, 'utf8')
    }
    return frames
  },
  // In fragments: none has to know how long the message will be.
  large: ({ prefix, suffix }) => ({
    head: () => frame(TEXT, Buffer.from(prefix)),
    middle: (bytes) => frame(CONTINUATION, bytes),
    tail: () => frame(FIN | CONTINUATION, Buffer.from(suffix)),
  }),
}

function frame(firstByte: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headLength(payload.length) + payload.length)
  bytes.set(payload, writeHead(bytes, 0, firstByte, payload.length))
  return bytes
}

function headLength(payloadLength: number): number {
  if (payloadLength < 126) return 2
  return payloadLength < 65_536 ? 4 : 10
}

/** Gives the place after the head. */
function writeHead(bytes: Buffer, at: number, firstByte: number, payloadLength: number): number {
  bytes[at] = firstByte
  if (payloadLength < 126) return bytes.writeUInt8(payloadLength, at + 1)
  if (payloadLength < 65_536) return bytes.writeUInt16BE(payloadLength, bytes.writeUInt8(126, at + 1))
  return bytes.writeBigUInt64BE(BigInt(payloadLength), bytes.writeUInt8(127, at + 1))
}
