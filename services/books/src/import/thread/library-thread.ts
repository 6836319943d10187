import { Worker } from 'node:worker_threads'
import { ImportError } from '../import-error.js'
import type { FromThread, ThreadError, ThreadStart, ToThread } from './messages.js'

/** What a thread makes is gone after one batch: more room for it would only be filled. In MiB. */
const YOUNG_MB = 16

/** A thread and what it says, at most one message that nobody has asked for. */
export class LibraryThread {
  readonly #worker: Worker
  readonly #signal: AbortSignal | undefined
  readonly #ready: FromThread[] = []
  readonly #failed: Promise<never>
  #reject: (error: Error) => void = () => undefined
  #error: Error | undefined
  #wake: () => void = () => undefined
  readonly #exit: Promise<unknown>

  /** @throws ImportError THREAD_CRASHED when there can be no more threads */
  constructor(workerData: ThreadStart, memoryMb: number, signal: AbortSignal | undefined) {
    this.#worker = startWorker(workerData, memoryMb)
    this.#signal = signal
    this.#failed = new Promise<never>((_, reject) => (this.#reject = reject))
    // Most of the time nobody waits for it.
    this.#failed.catch(() => {})
    this.#exit = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.on('message', (message: FromThread) => {
      this.#ready.push(message)
      this.#wake()
    })
    this.#worker.on('error', (error) => this.#fail(crash(error, memoryMb)))
    this.#worker.on('exit', (code) => this.#fail(new ImportError('THREAD_CRASHED', `The thread of the import ended with code ${code}.`)))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#signal?.reason as Error)
    // Nobody may be waiting, for example while a batch is stored.
    this.send({ what: 'end' })
  }

  send(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  /** @throws ImportError what the thread failed with, OUT_OF_MEMORY, THREAD_CRASHED; the signal's reason */
  async next(): Promise<FromThread> {
    for (;;) {
      // What was aborted is over, also where an answer is there.
      if (this.#error !== undefined) throw this.#error
      const message = this.#ready.shift()
      if (message?.what === 'failed') throw fromThreadError(message.error)
      if (message !== undefined) return message
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /**
   * Ends the thread as soon as its batch is done. It is not terminated: SQLite's driver, when it is stopped in the middle of a call, ends the whole
   * process.
   */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.send({ what: 'end' })
    await this.#exit
  }

  /**
   * What somebody else says, as long as there is a thread that wants to know.
   *
   * @throws ImportError THREAD_CRASHED, OUT_OF_MEMORY; the signal's reason
   */
  waitFor<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return Promise.race([answer, this.#failed])
  }

  #fail(error: Error): void {
    this.#error ??= error
    this.#reject(error)
    this.#wake()
  }
}

function startWorker(workerData: ThreadStart, memoryMb: number): Worker {
  try {
    return new Worker(new URL('./library-main.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
    })
  } catch (cause) {
    throw new ImportError('THREAD_CRASHED', `No thread could be started for the import: ${(cause as Error).message}`, { cause })
  }
}

function fromThreadError({ code, message, details }: ThreadError): Error {
  if (code === undefined) return new ImportError('THREAD_CRASHED', `The import failed: ${message}`)
  return new ImportError(code, message, details === undefined ? {} : { details })
}

function crash(error: Error, memoryMb: number): ImportError {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ImportError('THREAD_CRASHED', `The thread of the import crashed: ${error.message}`, { cause: error })
  }
  return new ImportError('OUT_OF_MEMORY', `The import needs more than the allowed ${memoryMb} MiB of memory. Split the file.`, {
    cause: error,
  })
}
