import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ScanError } from '../scan-error.js'
import type { ScanEvent } from '../types.js'
import type { FromScanThread, PhotoToRead, ThreadSetUp, ToScanThread } from './messages.js'
import { createStopFlag, requestStop } from './stop-flag.js'

/** A thread that reads photos, one after the other. */
export class ScanThread {
  readonly #worker: Worker
  readonly #stop = createStopFlag()
  readonly #ended = new AbortController()
  readonly #exit: Promise<unknown>
  #isOver = false

  constructor(setUp: Omit<ThreadSetUp, 'stop'>) {
    this.#worker = new Worker(new URL('./scan-main.js', import.meta.url), {
      workerData: { ...setUp, stop: this.#stop } satisfies ThreadSetUp,
    })
    this.#exit = new Promise((resolve) => this.#worker.once('exit', resolve))
    // A thread that rests keeps no process alive.
    this.#worker.unref()
    this.#worker.once('exit', () => this.#over('The thread that reads photos ended.'))
    this.#worker.once('error', (error: Error) => this.#over(`The thread that reads photos crashed: ${error.message}`))
  }

  /** True when it can read another photo. */
  get isUsable(): boolean {
    return !this.#isOver
  }

  /**
   * Reads one photo; the one before it must be over. Whoever stops listening stops the work: the thread ends as soon as the step that it is at is
   * done, which takes up to two seconds for a large photo. Nothing waits for that here.
   *
   * @throws ScanError; the signal's reason
   */
  async *read(photo: PhotoToRead, signal: AbortSignal): AsyncGenerator<ScanEvent> {
    signal.throwIfAborted()
    let isOver = false
    this.#worker.ref()
    try {
      const heard = on(this.#worker, 'message', { signal: AbortSignal.any([signal, this.#ended.signal]) })
      this.#send(photo)
      for await (const [answer] of heard as AsyncIterable<[FromScanThread]>) {
        if (answer.what === 'event') yield answer.event
        else if (answer.what === 'failed') throw new ScanError(answer.code, answer.message, { retryable: answer.retryable })
        else {
          isOver = true
          return
        }
      }
    } catch (error) {
      signal.throwIfAborted()
      this.#ended.signal.throwIfAborted()
      throw error
    } finally {
      this.#worker.unref()
      if (!isOver) void this.end()
    }
  }

  /** Ends the thread as soon as that is safe. */
  async end(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true
      requestStop(this.#stop)
      this.#send('end')
    }
    // The process must not end before the thread has.
    this.#worker.ref()
    await this.#exit
  }

  #send(message: ToScanThread): void {
    this.#worker.postMessage(message)
  }

  #over(message: string): void {
    this.#isOver = true
    this.#ended.abort(new ScanError('SCAN_THREAD_ENDED', message, { retryable: true }))
  }
}
