import { setMaxListeners } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'
import type { CompileOptions } from '../compile-options.js'
import type { Listener, Load, Loaded } from '../types.js'
import type { FromThread, Task, TaskResult, ToThread } from './messages.js'
import { fromThreadError, toThreadError } from './thread-error.js'

/** What a task needs from the thread that asks for it. */
export type TaskMeans = Pick<CompileOptions, 'on' | 'load'> & { readonly signal: AbortSignal }

/** One thread, which does one task after the other. A task that does not succeed is its last: nothing of it can reach another task. */
export class CompileThread {
  readonly #worker: Worker
  readonly #memoryMb: number
  #isOver = false
  #taskId = 0

  /** @throws CompileError THREAD_CRASHED when there can be no more threads */
  constructor(memoryMb: number) {
    this.#memoryMb = memoryMb
    try {
      this.#worker = new Worker(new URL('./thread-main.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: memoryMb } })
    } catch (cause) {
      throw new CompileError('THREAD_CRASHED', `No thread could be started for the compilation: ${(cause as Error).message}`, { cause })
    }
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
   * Does a task; the one before it must have ended. When it rejects, the thread has ended.
   *
   * @throws what the task throws; OUT_OF_MEMORY, THREAD_CRASHED, THREAD_ENDED; the signal's reason
   */
  async run(task: Task, means: TaskMeans): Promise<TaskResult> {
    const over = new AbortController()
    // Every source that loads listens.
    setMaxListeners(0, over.signal)
    const worker = this.#worker
    worker.ref()
    try {
      return await this.#resultOf(task, ++this.#taskId, means, over.signal)
    } catch (error) {
      await this.end()
      throw error
    } finally {
      over.abort(means.signal.reason)
      worker.unref()
    }
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    this.#isOver = true
    await this.#worker.terminate()
  }

  /** @param over aborted when the task has ended, whatever came of it */
  #resultOf(task: Task, taskId: number, { on = () => undefined, load, signal }: TaskMeans, over: AbortSignal): Promise<TaskResult> {
    const worker = this.#worker
    return new Promise<TaskResult>((resolve, reject) => {
      const heard: Listener = (event) => {
        if (!over.aborted) on(event)
      }
      const onMessage = (message: FromThread): void => {
        if (message.taskId !== taskId) return
        try {
          if (message.what === 'events') for (const event of message.events) heard(event)
          else if (message.what === 'done') resolve(message.result)
          else if (message.what === 'failed') reject(fromThreadError(message.error))
          else void this.#load(message, load, { on: heard, signal: over })
        } catch (error) {
          reject(error)
        }
      }
      const onError = (error: Error): void => reject(this.#crash(error))
      const onExit = (): void => reject(new CompileError('THREAD_ENDED', 'The thread of the compilation ended before its work.'))
      const onAbort = (): void => reject(signal.reason as Error)
      worker.on('message', onMessage).on('error', onError).on('exit', onExit)
      signal.addEventListener('abort', onAbort, { once: true })
      over.addEventListener('abort', () => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit)
        signal.removeEventListener('abort', onAbort)
      })
      if (signal.aborted) onAbort()
      else this.#send({ what: 'task', taskId, task })
    })
  }

  async #load(
    { taskId, id, source }: Extract<FromThread, { what: 'load' }>,
    load: Load | undefined,
    context: Parameters<Load>[1],
  ): Promise<void> {
    try {
      if (load === undefined) throw new CompileError('SOURCE_FAILED', `${source} can't be loaded: nothing loads it.`)
      const loaded = await load(source, context)
      if (context.signal.aborted) return
      const bytes = ownBytes(loaded.bytes)
      this.#send({ what: 'loaded', taskId, id, loaded: { ...loaded, bytes } }, [bytes.buffer])
    } catch (error) {
      if (!context.signal.aborted) this.#send({ what: 'refused', taskId, id, error: toThreadError(error) })
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
