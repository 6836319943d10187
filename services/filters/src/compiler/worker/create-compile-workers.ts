import { CompileError } from '../compile-error.js'
import type { Configuration } from '../configuration/types.js'
import { CompileThread } from './compile-thread.js'
import type { TaskMeans } from './compile-thread.js'
import type { Task, TaskResult } from './messages.js'
import type { CompareOptions, CompileInWorkerOptions, CompileWorkers, CompileWorkersOptions, Diff, WorkerCompilation } from './types.js'

const DEFAULT_THREADS = 2
const DEFAULT_MEMORY_MB = 2_048
/** How long a thread without work is kept, in milliseconds: starting one costs more than a small compilation. */
const IDLE_MS = 30_000

/** Threads for compilations. None is started before it is needed, and one that rests for 30 seconds is ended. */
export function createCompileWorkers(options: CompileWorkersOptions = {}): CompileWorkers {
  return new ThreadPool(options.threads ?? DEFAULT_THREADS, options.memoryMb ?? DEFAULT_MEMORY_MB)
}

/** Compiles in a thread of its own, which ends with it. For many compilations use {@link createCompileWorkers}. */
export async function compileInWorker(configuration: Configuration, options: CompileInWorkerOptions): Promise<WorkerCompilation> {
  const workers = createCompileWorkers({ threads: 1 })
  try {
    return await workers.compile(configuration, options)
  } finally {
    await workers.close()
  }
}

class ThreadPool implements CompileWorkers {
  readonly #size: number
  readonly #memoryMb: number
  readonly #threads = new Set<CompileThread>()
  readonly #idle = new Map<CompileThread, NodeJS.Timeout>()
  readonly #waiting: (() => void)[] = []
  readonly #closing = new AbortController()
  #busy = 0

  constructor(size: number, memoryMb: number) {
    this.#size = size
    this.#memoryMb = memoryMb
  }

  async compile(configuration: Configuration, options: CompileInWorkerOptions): Promise<WorkerCompilation> {
    const { preFetched, onSourceError, benchmark, limits, localFolder, resultFile, textFile, previousFile, pauseSwitch } = options
    const result = await this.#run(
      {
        what: 'compile',
        configuration,
        options: {
          ...(preFetched !== undefined && { preFetched }),
          ...(onSourceError !== undefined && { onSourceError }),
          ...(benchmark !== undefined && { benchmark }),
          ...(limits !== undefined && { limits }),
          ...(localFolder !== undefined && { localFolder }),
        },
        loads: options.load !== undefined,
        resultFile,
        ...(textFile !== undefined && { textFile }),
        ...(previousFile !== undefined && { previousFile }),
        ...(pauseSwitch !== undefined && { word: pauseSwitch.word }),
      },
      options,
    )
    if (result.what !== 'compile') throw new TypeError('A thread mixed its tasks up.')
    const { summary, resultBytes, textBytes, diff } = result
    return { ...summary, resultBytes, ...(textBytes !== undefined && { textBytes }), ...(diff !== undefined && { diff }) }
  }

  async compare({ textFile, previousFile, signal }: CompareOptions): Promise<Diff> {
    const result = await this.#run({ what: 'compare', textFile, previousFile }, signal === undefined ? {} : { signal })
    return result.diff ?? { added: 0, removed: 0, addedExamples: [], removedExamples: [] }
  }

  async close(): Promise<void> {
    this.#closing.abort(new CompileError('WORKERS_CLOSED', 'The threads that compile were ended.'))
    for (const timer of this.#idle.values()) clearTimeout(timer)
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  async #run(task: Task, means: TaskMeans): Promise<TaskResult> {
    const signal = means.signal === undefined ? this.#closing.signal : AbortSignal.any([means.signal, this.#closing.signal])
    await this.#turn(signal)
    const thread = this.#take()
    try {
      return await thread.run(task, { ...means, signal })
    } finally {
      await this.#giveBack(thread)
      this.#busy--
      this.#waiting.shift()?.()
    }
  }

  /** Waits until a thread may be used. */
  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (this.#busy >= this.#size) {
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(next), 1)
          reject(signal.reason as Error)
        }
        const next = (): void => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        }
        signal.addEventListener('abort', onAbort, { once: true })
        this.#waiting.push(next)
      })
    }
    this.#busy++
  }

  #take(): CompileThread {
    for (const [thread, timer] of this.#idle) {
      clearTimeout(timer)
      this.#idle.delete(thread)
      if (thread.isUsable) return thread
      this.#threads.delete(thread)
    }
    const thread = new CompileThread(this.#memoryMb)
    this.#threads.add(thread)
    return thread
  }

  async #giveBack(thread: CompileThread): Promise<void> {
    if (!thread.isUsable || this.#closing.signal.aborted) {
      this.#threads.delete(thread)
      await thread.end()
      return
    }
    const timer = setTimeout(() => {
      this.#idle.delete(thread)
      this.#threads.delete(thread)
      void thread.end()
    }, IDLE_MS)
    this.#idle.set(thread, timer.unref())
  }
}
