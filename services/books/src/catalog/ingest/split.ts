/** A piece of a file up to a separator. `bytes` is undefined where it was too long. */
export interface Piece {
  readonly bytes: Buffer | undefined
  /** Where the next one begins. */
  readonly end: number
}

/**
 * The pieces between separators, all that a chunk completes at a time. What is longer than the limit is passed over without being held.
 *
 * @param from position of the first byte
 * @param maxBytes of one piece
 */
export async function* split(
  chunks: AsyncGenerator<Buffer>,
  separator: number,
  from: number,
  maxBytes: number,
): AsyncGenerator<readonly Piece[]> {
  let position = from
  let held: Buffer[] = []
  let heldBytes = 0
  const take = (last: Buffer): Buffer | undefined => {
    const whole = heldBytes + last.length > maxBytes ? undefined : held.length === 0 ? last : Buffer.concat([...held, last])
    held = []
    heldBytes = 0
    return whole
  }
  for await (const chunk of chunks) {
    const pieces: Piece[] = []
    let start = 0
    for (let at = chunk.indexOf(separator); at !== -1; at = chunk.indexOf(separator, start)) {
      const bytes = take(chunk.subarray(start, at))
      start = at + 1
      pieces.push({ bytes, end: position + start })
    }
    const rest = chunk.subarray(start)
    heldBytes += rest.length
    if (heldBytes > maxBytes) held = []
    else if (rest.length > 0) held.push(rest)
    position += chunk.length
    if (pieces.length > 0) yield pieces
  }
  if (heldBytes > 0) yield [{ bytes: take(Buffer.alloc(0)), end: position }]
}
