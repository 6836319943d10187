import { spawn } from 'node:child_process'

/** After so many new bytes the disk begins to write, while more is copied. */
const EVERY_BYTES = 256 * 1024 * 1024

/**
 * Has the system begin to write to the disk long before it would do so by itself, which is when its memory fills: waiting for the disk at the end is
 * short then. It does not replace that wait.
 */
export class EarlyFlush {
  /** @readonly */
  #path
  #bytes = 0
  #isRunning = false

  /** @param {string} path on the file system that is written to */
  constructor(path) {
    this.#path = path
  }

  /** @param {number} bytes that were written now */
  add(bytes) {
    this.#bytes += bytes
    if (this.#bytes < EVERY_BYTES || this.#isRunning) return
    this.#bytes = 0
    this.#isRunning = true
    const ended = () => (this.#isRunning = false)
    // Where there is no such command, the wait at the end does it all.
    spawn('sync', ['-f', this.#path], { stdio: 'ignore' }).on('error', ended).on('exit', ended).unref()
  }
}
