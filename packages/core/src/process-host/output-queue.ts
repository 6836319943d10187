import { outputCost } from './frames.js'
import type { ScriptOutput } from './script.js'

/** What a program printed and nobody has read yet. Its size is bounded by the window of the host, which `onTaken` moves. */
export class OutputQueue implements AsyncIterable<ScriptOutput> {
  readonly #pieces: ScriptOutput[] = []
  #ended = false
  #error: Error | undefined
  #abandoned = false
  #wake: (() => void) | undefined
  readonly #onTaken: (cost: number) => void

  /** @param onTaken told what the pieces cost that were read or thrown away */
  constructor(onTaken: (cost: number) => void) {
    this.#onTaken = onTaken
  }

  push(piece: ScriptOutput): void {
    if (this.#abandoned) return this.#onTaken(outputCost(piece.bytes.length))
    this.#pieces.push(piece)
    this.#wake?.()
  }

  /** Nothing more comes; with an error, that is thrown to the reader after the pieces that are there. */
  end(error?: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#wake?.()
  }

  /** One reader at a time. A reader that leaves early (`break`) gives up the rest: the program is not held back by it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ScriptOutput, void, void> {
    try {
      for (;;) {
        const piece = this.#pieces.shift()
        if (piece) {
          this.#onTaken(outputCost(piece.bytes.length))
          yield piece
        } else if (this.#ended) {
          if (this.#error) throw this.#error
          return
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve))
        }
      }
    } finally {
      this.#abandoned = true
      for (const { bytes } of this.#pieces.splice(0)) this.#onTaken(outputCost(bytes.length))
    }
  }
}
