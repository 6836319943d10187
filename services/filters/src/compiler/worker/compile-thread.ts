import { Worker } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'
import type { CompileOptions } from '../compile-options.js'
import type { Load, Loaded } from '../types.js'
import type { FromThread, Task, TaskResult, ToThread } from './messages.js'
import { fromThreadError, toThreadError } from './thread-error.js'

/** What a task needs from the thread that asks for it. */
export type TaskMeans = Pick<CompileOptions, 'on' | 'load' | 'signal'>

/** One thread, which does one task at a time. After a task that failed otherwise than by its own fault it must not be used again. */
export class CompileThread {
  readonly #worker: Worker
  readonly #memoryMb: number
  #isOver = false

  constructor(memoryMb: number) {
    this.#memoryMb = memoryMb
    this.#worker = new Worker(new URL('./thread-main.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: memoryMb } })
    // A thread that rests keeps no process alive.
    this.#worker.unref()
    this.#worker.once('exit', () => (this.#isOver = true))
    this.#worker.on('error', () => (this.#isOver = true))
  }

  /** True when it can do another task. */
  get isUsable(): boolean {
    return !this.#isOver
  }

  /**
   * @throws what the task throws; OUT_OF_MEMORY, THREAD_ENDED; the signal's reason, after the thread has been ended
   */
  async run(task: Task, { on = () => undefined, load, signal }: TaskMeans): Promise<TaskResult> {
    signal?.throwIfAborted()
    const worker = this.#worker
    const ending = new AbortController()
    let onMessage: (message: FromThread) => void = () => undefined
    let onError: (error: Error) => void = () => undefined
    let onExit: () => void = () => undefined
    worker.ref()
    try {
      return await new Promise<TaskResult>((resolve, reject) => {
        onMessage = (message) => {
          if (message.what === 'events') for (const event of message.events) on(event)
          else if (message.what === 'done') resolve(message.result)
          else if (message.what === 'failed') reject(fromThreadError(message.error))
          else void this.#load(message, load, { on, signal: ending.signal })
        }
        onError = (error) => reject(this.#crash(error))
        onExit = () => reject(new CompileError('THREAD_ENDED', 'The thread of the compilation was ended.'))
        worker.on('message', onMessage).on('error', onError).on('exit', onExit)
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { signal: ending.signal, once: true })
        this.#send({ what: 'task', task })
      })
    } catch (error) {
      if (signal?.aborted === true) await this.end()
      throw error
    } finally {
      ending.abort(signal?.reason)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      worker.unref()
    }
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    this.#isOver = true
    await this.#worker.terminate()
  }

  async #load({ id, source }: Extract<FromThread, { what: 'load' }>, load: Load | undefined, context: Parameters<Load>[1]): Promise<void> {
    try {
      if (load === undefined) throw new CompileError('SOURCE_FAILED', `${source} can't be loaded: nothing loads it.`)
      const loaded = await load(source, context)
      if (this.#isOver) return
      const bytes = ownBytes(loaded.bytes)
      this.#send({ what: 'loaded', id, loaded: { ...loaded, bytes } }, [bytes.buffer])
    } catch (error) {
      if (!this.#isOver) this.#send({ what: 'refused', id, error: toThreadError(error) })
    }
  }

  #send(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #crash(error: Error): Error {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') {
      return new CompileError('THREAD_CRASHED', `The thread of the compilation crashed: ${error.message}`, { cause: error })
    }
    const message = `The compilation needs more than the allowed ${this.#memoryMb} MiB of memory. Use fewer or smaller sources.`
    return new CompileError('OUT_OF_MEMORY', message, { cause: error })
  }
}

/** Bytes that can be given away: a part of a larger buffer is copied, since others may use the rest of it. */
function ownBytes(bytes: Loaded['bytes']): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return new Uint8Array(buffer)
  return new Uint8Array(bytes)
}
