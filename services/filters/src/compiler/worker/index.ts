import { CompileError } from '../compile-error.js'
import type { Configuration } from '../configuration/types.js'
import type { CompileInWorkerOptions, CompileWorkers, CompileWorkersOptions, PauseSwitch, WorkerCompilation } from './types.js'

/** Threads for compilations. None is started before it is needed. */
export function createCompileWorkers(_options: CompileWorkersOptions = {}): CompileWorkers {
  return { compile: compileInWorker, close: () => Promise.resolve() }
}

/** Compiles in a thread of its own, which ends with it. For many compilations use {@link createCompileWorkers}. */
export async function compileInWorker(_configuration: Configuration, _options: CompileInWorkerOptions): Promise<WorkerCompilation> {
  await Promise.resolve()
  throw new CompileError('NOT_READY', 'Being written.')
}

/** A switch that pauses one compilation in a thread. */
export function createPauseSwitch(): PauseSwitch {
  const word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const set = (value: number): void => {
    Atomics.store(word, 0, value)
    Atomics.notify(word, 0)
  }
  return { word, pause: () => set(1), resume: () => set(0) }
}
