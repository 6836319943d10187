import { CompileError } from '../compile-error.js'
import type { Configuration } from '../configuration/types.js'
import type { Listener } from '../types.js'
import { Deadline } from '../deadline.js'
import { WAITING_PHASE } from '../step-progress.js'
import { CompileThread } from './compile-thread.js'
import type { TaskMeans } from './compile-thread.js'
import type { Task, TaskResult } from './messages.js'
import { Places } from './places.js'
import type { CompareOptions, CompileInWorkerOptions, CompileWorkers, Diff, WorkerCompilation } from './types.js'

/** How long a thread without work is kept, in milliseconds: starting one costs more than a small compilation. */
const IDLE_MS = 30_000
/** One owner may have a third of the threads: it takes three to make others wait. */
const OWNER_PART = 3
/** A thread ended without the doing of what it did. */
const DIED: ReadonlySet<string> = new Set(['THREAD_CRASHED', 'THREAD_ENDED'])

type RunOptions = Pick<CompileInWorkerOptions, 'on' | 'load' | 'signal' | 'timeoutMs' | 'pauseSwitch' | 'owner'>

/** Threads for compilations, and whose turn it is. */
export class ThreadPool implements CompileWorkers {
  readonly #places: Places
  readonly #memoryMb: number
  readonly #threads = new Set<CompileThread>()
  readonly #idle = new Map<CompileThread, NodeJS.Timeout>()
  readonly #closing = new AbortController()

  constructor(size: number, memoryMb: number) {
    this.#places = new Places(size, Math.max(1, Math.floor(size / OWNER_PART)))
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

  async compare({ textFile, previousFile, ...options }: CompareOptions): Promise<Diff> {
    const result = await this.#run({ what: 'compare', textFile, previousFile }, options)
    return result.diff ?? { added: 0, removed: 0, addedExamples: [], removedExamples: [] }
  }

  async close(): Promise<void> {
    this.#closing.abort(new CompileError('WORKERS_CLOSED', 'The threads that compile were ended.'))
    for (const timer of this.#idle.values()) clearTimeout(timer)
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  async #run(task: Task, { on, load, timeoutMs, pauseSwitch, owner, signal: given }: RunOptions): Promise<TaskResult> {
    const cancelled = given === undefined ? this.#closing.signal : AbortSignal.any([given, this.#closing.signal])
    const giveBack = await this.#place(owner, cancelled, on)
    const deadline = new Deadline(timeoutMs)
    const follow = (paused: boolean): void => (paused ? deadline.pause() : deadline.resume())
    const unfollow = pauseSwitch?.onChange(follow)
    follow(pauseSwitch?.isPaused === true)
    const signal = AbortSignal.any([cancelled, deadline.signal])
    const means = { ...(on !== undefined && { on }), ...(load !== undefined && { load }), signal }
    try {
      return await this.#inThread(task, means).catch((error: unknown) => {
        // What the task itself does wrong has other codes.
        if (signal.aborted || !(error instanceof CompileError) || !DIED.has(error.code)) throw error
        on?.({ type: 'log', data: { level: 'warn', message: `${error.message} The compilation begins anew.` } })
        return this.#inThread(task, means)
      })
    } finally {
      unfollow?.()
      deadline.end()
      giveBack()
    }
  }

  /** Who has to wait for a place hears of it, and of the end of the waiting. */
  async #place(owner: string | undefined, signal: AbortSignal, on: Listener | undefined): Promise<() => void> {
    const tell = (current: 0 | 1, message: string): void =>
      on?.({ type: 'progress', data: { phase: WAITING_PHASE, current, total: 1, message } })
    let isWaiting = false
    const giveBack = await this.#places.take(owner, signal, () => {
      isWaiting = true
      tell(0, 'Waiting for other compilations to end')
    })
    try {
      if (isWaiting) tell(1, 'It is the turn of this compilation')
    } catch (error) {
      giveBack()
      throw error
    }
    return giveBack
  }

  async #inThread(task: Task, means: TaskMeans): Promise<TaskResult> {
    const thread = this.#take()
    try {
      return await thread.run(task, means)
    } finally {
      this.#putBack(thread)
    }
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

  /** It is kept for the next, or is over: then it has ended. */
  #putBack(thread: CompileThread): void {
    if (!thread.isUsable) {
      this.#threads.delete(thread)
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
