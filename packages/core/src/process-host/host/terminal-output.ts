import { closeSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { ReadStream } from 'node:tty'

/** One read of a terminal brings at most 4 KiB. */
const READ_BYTES = 16 * 1024

/**
 * What programs print to a pseudo-terminal. Node takes the hang-up after the last program for the end of what can be read, though the
 * terminal may hold more: so its other side is kept open here, and what is left is read when the caller says that the programs are gone.
 */
export class TerminalOutput extends Readable {
  readonly #master: number
  readonly #slave: number
  readonly #source: ReadStream

  /**
   * @param master our side of the terminal; closed with this
   * @param slave the programs' side; closed with this
   */
  constructor(master: number, slave: number) {
    super()
    this.#master = master
    this.#slave = slave
    this.#source = new ReadStream(master)
    this.#source.on('data', (bytes) => {
      if (!this.push(bytes)) this.#source.pause()
    })
    this.#source.on('error', (error) => this.destroy(error))
    this.#source.pause()
  }

  /** Nobody prints any more: takes what the terminal still holds (Linux: up to 64 KiB), and ends after it. */
  finish(): void {
    if (this.destroyed) return
    this.#source.pause()
    // What was read already comes by 'data', as all that is read does.
    this.#source.read()
    for (let bytes = this.#readNow(); bytes.length > 0; bytes = this.#readNow()) this.push(bytes)
    this.push(null)
    this.#source.destroy()
  }

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#source.destroy()
    closeSync(this.#slave)
    callback(error)
  }

  /** Empty when nothing is left. */
  #readNow(): Buffer {
    const bytes = Buffer.allocUnsafe(READ_BYTES)
    try {
      return bytes.subarray(0, readSync(this.#master, bytes))
    } catch {
      // It does not block: there is nothing.
      return bytes.subarray(0, 0)
    }
  }
}
