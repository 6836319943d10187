import { once } from 'node:events'

/** The most that waits to be written, in UTF-16 units, but for one write. */
const FLUSH_UNITS = 64 * 1024

/** Writes to a stream in few large pieces: whatever comes in one turn of the event loop goes together. */
export class LineSink {
  readonly #out: NodeJS.WritableStream
  #waiting = ''
  #scheduled: NodeJS.Immediate | undefined

  constructor(out: NodeJS.WritableStream) {
    this.#out = out
  }

  write(text: string): void {
    this.#waiting += text
    if (this.#waiting.length >= FLUSH_UNITS) this.flush()
    else this.#scheduled ??= setImmediate(() => this.flush())
  }

  flush(): void {
    clearImmediate(this.#scheduled)
    this.#scheduled = undefined
    const text = this.#waiting
    this.#waiting = ''
    if (text !== '') this.#out.write(text)
  }

  /** Waits until the stream takes more, or the signal aborts; undefined where it does already. */
  room(signal: AbortSignal): Promise<unknown> | undefined {
    const { writableNeedDrain } = this.#out as NodeJS.WriteStream
    if (!writableNeedDrain) return undefined
    return once(this.#out, 'drain', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
