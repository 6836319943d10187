import type { CompilationSummary, CompileOptions } from '../compile-options.js'
import type { Configuration } from '../configuration/types.js'

/** Holds a compilation still and lets it go on. One switch belongs to one compilation. */
export interface PauseSwitch {
  /** The word that the thread watches: 0 runs, 1 stands still. */
  readonly word: Int32Array
  pause(): void
  resume(): void
  /** Whether it is paused now. */
  readonly isPaused: boolean
  /** Hears of every change; the answer unsubscribes. */
  onChange(listener: (paused: boolean) => void): () => void
}

/** How to compile in a thread: as `compile`, but downloads of other options are a `load` (`createDownloader`), and the result goes to files, never through this thread's memory. */
export interface CompileInWorkerOptions extends Omit<CompileOptions, 'pausePoint' | 'download'> {
  /** Where the JSON array of the rules is written. Overwritten; the folder must exist. */
  readonly resultFile: string
  /** Where the plain text is written (lines joined with a line feed, none at the end). */
  readonly textFile?: string
  /** The plain text of the previous compilation of the same name: gives `diff`. */
  readonly previousFile?: string
  /**
   * Made by `createPauseSwitch`. A paused compilation keeps its thread; whoever wants to give the thread back aborts `signal`, and compiles
   * anew later.
   */
  readonly pauseSwitch?: PauseSwitch
  /** Whose it is, in any words: one owner has at most a third of the threads at a time. Without one it may have all. */
  readonly owner?: string
}

/** What differs from the previous compilation. Only rules count, each once: neither the header nor other comments. */
export interface Diff {
  readonly added: number
  readonly removed: number
  /** At most 100 of each (`MAX_DIFF_EXAMPLES`), in the order of the lists, each of at most 500 characters. */
  readonly addedExamples: readonly string[]
  readonly removedExamples: readonly string[]
}

/** What a compilation in a thread gives. Sizes in bytes. */
export interface WorkerCompilation extends CompilationSummary {
  readonly resultBytes: number
  readonly textBytes?: number
  readonly diff?: Diff
}

/** Two plain texts, the newer one first. */
export interface CompareOptions {
  readonly textFile: string
  readonly previousFile: string
  readonly signal?: AbortSignal
  /** As of a compilation. */
  readonly owner?: string
}

/** Threads that compile, at most so many at a time; further compilations wait for their turn. */
export interface CompileWorkers {
  /**
   * `timeoutMs` counts from the compilation's turn on. Whose thread dies without its doing begins anew once.
   *
   * @throws CompileError as `compile`; OUT_OF_MEMORY when the thread's memory didn't suffice; THREAD_CRASHED, THREAD_ENDED
   * @throws the signal's reason within 100 ms of its abort. By then the thread has ended
   */
  compile(configuration: Configuration, options: CompileInWorkerOptions): Promise<WorkerCompilation>
  /** How the plain text of one compilation differs from that of another. */
  compare(options: CompareOptions): Promise<Diff>
  /** Ends every thread; compilations that run reject. */
  close(): Promise<void>
}

export interface CompileWorkersOptions {
  /** Threads at a time. 2 by default. */
  readonly threads?: number
  /** Memory of one thread's heap, in MiB. 2,048 by default. */
  readonly memoryMb?: number
}
