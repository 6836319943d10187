import type { Readable } from 'node:stream'
import { FROM_HOST, OUTPUT_WINDOW_BYTES, outputCost } from '../frames.js'

/** Below this much room in the window the pipes are not read: a read brings at most so many bytes. */
const CHUNK_BYTES = 64 * 1024

/** How long nothing may come out of a pipe that somebody unknown holds open after the program's end, in milliseconds. */
const QUIET_MS = 200

/** How much is read at most from such a pipe after the program's end, in bytes: the largest that Linux lets an ordinary user make a pipe. */
const MAX_REST_BYTES = 1024 * 1024

/** Reads what a program prints while there is room in its window, and passes it on in the order it was read. */
export class OutputRelay {
  readonly #streams: readonly Readable[]
  readonly #send: (kind: number, bytes: Buffer) => void
  readonly #onEnd: () => void
  #window = OUTPUT_WINDOW_BYTES
  #open: number
  #held = false
  #rest: { bytes: number; timer: NodeJS.Timeout } | undefined

  /**
   * @param streams stdout and stderr, or one where they are the same
   * @param onEnd called once, after the last piece was sent
   */
  constructor(streams: readonly Readable[], send: (kind: number, bytes: Buffer) => void, onEnd: () => void) {
    this.#streams = streams
    this.#open = streams.length
    this.#send = send
    this.#onEnd = onEnd
    for (const [index, stream] of streams.entries()) this.#read(stream, index === 0 ? FROM_HOST.stdout : FROM_HOST.stderr)
  }

  /** So much of the window is free again. */
  credit(bytes: number): void {
    this.#window += bytes
    if (!this.#held || this.#window < CHUNK_BYTES) return
    this.#held = false
    this.#rest?.timer.refresh()
    for (const stream of this.#streams) stream.resume()
  }

  /**
   * The program has ended: reads what is left in the pipes, and stops even when something unknown still holds them open.
   */
  finish(): void {
    if (this.#open === 0 || this.#rest) return
    const timer = setTimeout(() => {
      if (this.#held) timer.refresh()
      else this.#close()
    }, QUIET_MS)
    this.#rest = { bytes: 0, timer }
  }

  #read(stream: Readable, kind: number): void {
    stream.on('data', (bytes: Buffer) => {
      this.#window -= outputCost(bytes.length)
      this.#send(kind, bytes)
      if (this.#window < CHUNK_BYTES) this.#hold()
      if (!this.#rest) return
      this.#rest.timer.refresh()
      this.#rest.bytes += bytes.length
      if (this.#rest.bytes > MAX_REST_BYTES) this.#close()
    })
    // A pipe that can't be read is at its end, as is a terminal that its last program has left.
    stream.on('error', () => stream.destroy())
    stream.once('close', () => {
      this.#open -= 1
      if (this.#open > 0) return
      clearTimeout(this.#rest?.timer)
      this.#onEnd()
    })
  }

  #hold(): void {
    this.#held = true
    for (const stream of this.#streams) stream.pause()
  }

  #close(): void {
    for (const stream of this.#streams) stream.destroy()
  }
}
