import type { BlobRef } from '@headway/core'

/** So many pieces wait for the disk at most. */
const MAX_WAITING = 2

/** A blob that is written while its content is made, piece by piece: nothing else is kept of it. */
export class Spool<Piece> {
  readonly #blob: Promise<BlobRef>
  readonly #waiting: Piece[] = []
  #state: 'open' | 'complete' | 'given up' = 'open'
  #wakeReader: () => void = () => undefined
  #wakeWriter: () => void = () => undefined

  /** @param put makes the blob of all pieces */
  constructor(put: (pieces: AsyncIterable<Piece>) => Promise<BlobRef>) {
    this.#blob = put(this.#pieces())
    // Whoever waits for the blob hears of it; nothing more is taken.
    this.#blob.catch(() => this.#leave('given up'))
  }

  /** Adds a piece; waits for the disk where that is slower. What goes wrong there is said by `end`. */
  async add(piece: Piece): Promise<void> {
    if (this.#state !== 'open') return
    this.#waiting.push(piece)
    this.#wakeReader()
    while (this.#waiting.length > MAX_WAITING && this.#isOpen()) await new Promise<void>((resolve) => (this.#wakeWriter = resolve))
  }

  /** The blob, with all pieces. @throws what the store says */
  end(): Promise<BlobRef> {
    this.#leave('complete')
    return this.#blob
  }

  /** There will be no blob, where it is not complete already. */
  async giveUp(): Promise<void> {
    this.#leave('given up')
    await this.#blob.catch(() => undefined)
  }

  async *#pieces(): AsyncGenerator<Piece> {
    for (;;) {
      const piece = this.#waiting.shift()
      if (this.#state === 'given up') throw new Error('What was to be written is not made any more.')
      if (piece !== undefined) {
        this.#wakeWriter()
        yield piece
      } else if (this.#isOpen()) {
        await new Promise<void>((resolve) => (this.#wakeReader = resolve))
      } else return
    }
  }

  #isOpen(): boolean {
    return this.#state === 'open'
  }

  #leave(state: 'complete' | 'given up'): void {
    if (this.#state === 'open') this.#state = state
    this.#wakeReader()
    this.#wakeWriter()
  }
}
