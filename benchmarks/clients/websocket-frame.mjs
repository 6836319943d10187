/** A short text as the frame of a client (RFC 6455, 5.2), masked with zeros: the bytes stay as they are. */
export function maskedText(text) {
  const payload = Buffer.from(text)
  if (payload.length > 65_535) throw new RangeError('Only short texts are sent here.')
  const head =
    payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255])
  return Buffer.concat([head, Buffer.alloc(4), payload])
}
