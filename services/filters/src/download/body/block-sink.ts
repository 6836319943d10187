/** Gathers pieces of output into one buffer that can be handed over. */
export class BlockSink {
  #pieces: Uint8Array[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Copies the piece: whoever made it may use its memory again. */
  append(piece: Uint8Array): void {
    this.#pieces.push(piece.slice())
    this.#size += piece.length
  }

  /** Everything since the last time, in a buffer of its own. */
  take(): Uint8Array {
    const all = new Uint8Array(this.#size)
    let at = 0
    for (const piece of this.#pieces) {
      all.set(piece, at)
      at += piece.length
    }
    this.#pieces = []
    this.#size = 0
    return all
  }
}
