import type { Configuration } from '../configuration/types.js'
import type { CompareOptions, CompileInWorkerOptions, CompileWorkers, CompileWorkersOptions, Diff, WorkerCompilation } from './types.js'

const DEFAULT_THREADS = 2
const DEFAULT_MEMORY_MB = 2_048

/** Threads for compilations. None is started before it is needed, and one that rests for 30 seconds is ended. */
export function createCompileWorkers(options: CompileWorkersOptions = {}): CompileWorkers {
  return new LatePool(options)
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

/** What threads need is loaded when one is first asked for: who compiles in its own thread starts sooner without it. */
class LatePool implements CompileWorkers {
  readonly #options: CompileWorkersOptions
  #pool: Promise<CompileWorkers> | undefined

  constructor(options: CompileWorkersOptions) {
    this.#options = options
  }

  async compile(configuration: Configuration, options: CompileInWorkerOptions): Promise<WorkerCompilation> {
    return (await this.#loaded()).compile(configuration, options)
  }

  async compare(options: CompareOptions): Promise<Diff> {
    return (await this.#loaded()).compare(options)
  }

  async close(): Promise<void> {
    await (await this.#loaded()).close()
  }

  #loaded(): Promise<CompileWorkers> {
    this.#pool ??= this.#load()
    return this.#pool
  }

  async #load(): Promise<CompileWorkers> {
    const { threads = DEFAULT_THREADS, memoryMb = DEFAULT_MEMORY_MB } = this.#options
    const { ThreadPool } = await import('./thread-pool.js')
    return new ThreadPool(threads, memoryMb)
  }
}
