import { parentPort } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'
import { compile } from '../compile.js'
import { diffToFile, readRules } from '../output/diff.js'
import { writeJson, writeText } from '../output/write-result.js'
import type { CompileEvent, Load, Loaded } from '../types.js'
import type { FromThread, Task, TaskResult, ToThread } from './messages.js'
import { fromThreadError, toThreadError } from './thread-error.js'

/** Events go out when they are so old, in milliseconds, or when the thread comes to rest. */
const BATCH_AGE_MS = 20
const PAUSED = 1

/** Does one task after the other for the thread that started this one. */
class CompileThread {
  readonly #send: (message: FromThread) => void
  readonly #loads = new Map<number, { readonly resolve: (loaded: Loaded) => void; readonly reject: (error: Error) => void }>()
  #nextId = 1
  #events: CompileEvent[] = []
  #eventsSince = 0

  constructor(send: (message: FromThread) => void) {
    this.#send = send
  }

  receive(message: ToThread): void {
    if (message.what === 'task') {
      void this.#run(message.task)
      return
    }
    const load = this.#loads.get(message.id)
    this.#loads.delete(message.id)
    if (message.what === 'loaded') load?.resolve(message.loaded)
    else load?.reject(fromThreadError(message.error))
  }

  async #run(task: Task): Promise<void> {
    try {
      const result = task.what === 'compile' ? await this.#compile(task) : await compare(task)
      this.#flush()
      this.#send({ what: 'done', result })
    } catch (error) {
      this.#flush()
      this.#send({ what: 'failed', error: toThreadError(error) })
    } finally {
      this.#loads.clear()
    }
  }

  async #compile(task: Extract<Task, { what: 'compile' }>): Promise<TaskResult> {
    const { rules, ...summary } = await compile(task.configuration, {
      ...task.options,
      on: (event) => this.#emit(event),
      pausePoint: () => this.#pausePoint(task.word),
      ...(task.loads && { load: this.#load }),
    })
    this.#pausePoint(task.word)
    this.#progress(`Writing ${summary.ruleCount} lines.`)
    const resultBytes = await writeJson(task.resultFile, rules)
    this.#pausePoint(task.word)
    const textBytes = task.textFile === undefined ? undefined : await writeText(task.textFile, rules)
    const diff = task.previousFile === undefined ? undefined : await diffToFile(rules, task.previousFile)
    return { what: 'compile', summary, resultBytes, ...(textBytes !== undefined && { textBytes }), ...(diff !== undefined && { diff }) }
  }

  readonly #load: Load = (source) => {
    // What was said before must be heard before what the loading says.
    this.#flush()
    const id = this.#nextId++
    return new Promise<Loaded>((resolve, reject) => {
      this.#loads.set(id, { resolve, reject })
      this.#send({ what: 'load', id, source })
    })
  }

  #progress(message: string): void {
    this.#emit({ type: 'progress', data: { phase: 'writing', current: 0, total: 1, message } })
  }

  #emit(event: CompileEvent): void {
    if (this.#events.length === 0) {
      this.#eventsSince = performance.now()
      setImmediate(() => this.#flush())
    }
    this.#events.push(event)
    if (performance.now() - this.#eventsSince >= BATCH_AGE_MS) this.#flush()
  }

  #flush(): void {
    if (this.#events.length === 0) return
    const events = this.#events
    this.#events = []
    this.#send({ what: 'events', events })
  }

  /** Standing still needs no messages, so that work which never yields can pause. */
  #pausePoint(word: Int32Array | undefined): void {
    this.#flush()
    if (word === undefined) return
    while (Atomics.load(word, 0) === PAUSED) Atomics.wait(word, 0, PAUSED)
  }
}

async function compare(task: Extract<Task, { what: 'compare' }>): Promise<TaskResult> {
  return { what: 'compare', diff: await diffToFile(await readRules(task.textFile), task.previousFile) }
}

if (parentPort === null) throw new CompileError('NOT_A_THREAD', 'This module is run in a thread only.')
const port = parentPort
const thread = new CompileThread((message) => port.postMessage(message))
port.on('message', (message: ToThread) => thread.receive(message))
