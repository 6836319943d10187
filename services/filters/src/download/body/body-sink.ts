/** Takes a body in, piece by piece, and hashes it on the way. */
export interface BodySink<Body> {
  /** Bytes so far. */
  readonly size: number
  /** @returns a promise when the next piece should wait; it never rejects */
  append(piece: Uint8Array): Promise<void> | undefined
  /** The first bytes, at most `length`; of the first 1,024 only. */
  head(length: number): Uint8Array
  /** Everything is there. The sink can't be used afterwards. */
  finish(): Promise<Body>
  /** Gives up what came. */
  abandon(): Promise<void>
}
