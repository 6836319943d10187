const LF = 0x0a
const CR = 0x0d

/** Puts `by` in the place of every CR, LF and CRLF of a text. */
export function replaceLineEnds(text: string, by: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replaceAll(/\r\n|\r|\n/g, by) : text
}

/** The same for bytes that come piece by piece: a CR at the end of one piece and an LF at the start of the next are one line end. */
export class LineEndReplacer {
  readonly #by: Buffer
  #afterCr = false

  constructor(by: string) {
    this.#by = Buffer.from(by)
  }

  replace(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes
    const first = this.#afterCr && bytes[0] === LF ? 1 : 0
    this.#afterCr = bytes[bytes.length - 1] === CR
    if (!bytes.includes(LF, first) && !bytes.includes(CR, first)) return bytes.subarray(first)
    const parts: Uint8Array[] = []
    let start = first
    for (let at = first; at < bytes.length; at += 1) {
      const byte = bytes[at]
      if (byte !== LF && byte !== CR) continue
      parts.push(bytes.subarray(start, at), this.#by)
      if (byte === CR && bytes[at + 1] === LF) at += 1
      start = at + 1
    }
    parts.push(bytes.subarray(start))
    return Buffer.concat(parts)
  }
}
