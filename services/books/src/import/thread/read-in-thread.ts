import { Worker } from 'node:worker_threads'
import { ImportError } from '../import-error.js'
import type { InspectedLibrary } from '../inspected.js'
import type { ReadOptions } from '../read-library.js'
import type { RowOutcome } from '../row.js'
import type { FromThread, ThreadStart, ToThread } from './messages.js'

export interface ReadInThreadOptions extends Pick<ReadOptions, 'afterRow' | 'bar' | 'signal'> {
  /** The file of the catalog that books are matched in, which the thread opens for itself. Undefined: nothing is matched. */
  readonly catalogPath?: string | undefined
  /** Of the thread's heap, in MiB. 256 by default. */
  readonly memoryMb?: number | undefined
}

const DEFAULT_MEMORY_MB = 256

/**
 * What `readLibrary` gives, read in a thread of its own. One batch is made ahead of the one that is asked for, no more. The thread ends with the
 * iteration, and at once when the signal is aborted, whatever it does.
 *
 * @throws ImportError as `readLibrary`, OUT_OF_MEMORY, THREAD_CRASHED; the signal's reason
 */
export async function* readInThread(
  path: string,
  library: InspectedLibrary,
  { afterRow = 0, bar, signal, catalogPath, memoryMb = DEFAULT_MEMORY_MB }: ReadInThreadOptions = {},
): AsyncGenerator<readonly RowOutcome[]> {
  signal?.throwIfAborted()
  const start: ThreadStart = { path, library, afterRow, catalogPath, bar }
  const worker = startThread(start, memoryMb)
  const answers = new Answers(worker, memoryMb)
  const onAbort = (): void => answers.fail(signal?.reason as Error)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    answers.ask()
    for (;;) {
      const message = await answers.next()
      if (message.what === 'end') return
      if (message.what === 'failed') throw new ImportError(message.code ?? 'THREAD_CRASHED', message.message)
      answers.ask()
      yield JSON.parse(message.json) as readonly RowOutcome[]
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await answers.close()
  }
}

function startThread(workerData: ThreadStart, memoryMb: number): Worker {
  try {
    return new Worker(new URL('./read-main.js', import.meta.url), { workerData, resourceLimits: { maxOldGenerationSizeMb: memoryMb } })
  } catch (cause) {
    throw new ImportError('THREAD_CRASHED', `No thread could be started for the import: ${(cause as Error).message}`, { cause })
  }
}

/** What a thread says, at most one message that nobody has asked for yet. */
class Answers {
  readonly #worker: Worker
  #ready: FromThread[] = []
  #error: Error | undefined
  #wake: () => void = () => undefined

  constructor(worker: Worker, memoryMb: number) {
    this.#worker = worker
    worker.on('message', (message: FromThread) => {
      this.#ready.push(message)
      this.#wake()
    })
    worker.on('error', (error) => this.fail(crash(error, memoryMb)))
    worker.on('exit', (code) => this.fail(new ImportError('THREAD_CRASHED', `The thread of the import ended with code ${code}.`)))
  }

  ask(): void {
    const message: ToThread = { what: 'next' }
    this.#worker.postMessage(message)
  }

  async next(): Promise<FromThread> {
    for (;;) {
      // What was aborted is over, also where an answer is there.
      if (this.#error !== undefined) throw this.#error
      const message = this.#ready.shift()
      if (message !== undefined) return message
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  fail(error: Error): void {
    this.#error ??= error
    this.#wake()
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

function crash(error: Error, memoryMb: number): ImportError {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ImportError('THREAD_CRASHED', `The thread of the import crashed: ${error.message}`, { cause: error })
  }
  return new ImportError('OUT_OF_MEMORY', `The import needs more than the allowed ${memoryMb} MiB of memory. Split the file.`, {
    cause: error,
  })
}
