/** Hands chunks from one side to the other, one at a time: `push` resolves when its chunk was taken. */
export class ChunkQueue implements AsyncIterable<Uint8Array> {
  #waiting: { chunk: Uint8Array; taken: () => void; failed: (error: unknown) => void } | undefined
  #wake: () => void = () => undefined
  #ended = false
  #error: { readonly error: unknown } | undefined

  push(chunk: Uint8Array): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error.error)
    return new Promise((taken, failed) => {
      this.#waiting = { chunk, taken, failed }
      this.#wake()
    })
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  fail(error: unknown): void {
    this.#error ??= { error }
    this.#waiting?.failed(error)
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error.error
      const waiting = this.#waiting
      if (waiting !== undefined) {
        this.#waiting = undefined
        yield waiting.chunk
        waiting.taken()
      } else if (this.#ended) {
        return
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
