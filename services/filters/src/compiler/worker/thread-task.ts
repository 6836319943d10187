import { compile } from '../compile.js'
import { diffToFile, readRules } from '../output/diff.js'
import { writeJson, writeText } from '../output/write-result.js'
import type { CompileEvent, Load, Loaded } from '../types.js'
import type { FromThread, LoadAnswer, Task, TaskResult } from './messages.js'
import { fromThreadError, toThreadError } from './thread-error.js'

/** Events go out when they are so old, in milliseconds, or when the thread comes to rest. */
const BATCH_AGE_MS = 20
const PAUSED = 1

type Message = FromThread extends infer Each ? (Each extends FromThread ? Omit<Each, 'taskId'> : never) : never

/** One task of a thread. */
export class ThreadTask {
  readonly id: number
  readonly #post: (message: FromThread) => void
  readonly #loads = new Map<number, { readonly resolve: (loaded: Loaded) => void; readonly reject: (error: Error) => void }>()
  #nextId = 1
  #events: CompileEvent[] = []
  #eventsSince = 0

  constructor(id: number, post: (message: FromThread) => void) {
    this.id = id
    this.#post = post
  }

  /** Does it and says what came of it. Never rejects. */
  async run(task: Task): Promise<void> {
    try {
      const result = task.what === 'compile' ? await this.#compile(task) : await compare(task)
      this.#flush()
      this.#send({ what: 'done', result })
    } catch (error) {
      this.#flush()
      this.#send({ what: 'failed', error: toThreadError(error) })
    }
  }

  loaded(answer: LoadAnswer): void {
    const load = this.#loads.get(answer.id)
    this.#loads.delete(answer.id)
    if (answer.what === 'loaded') load?.resolve(answer.loaded)
    else load?.reject(fromThreadError(answer.error))
  }

  async #compile(task: Extract<Task, { what: 'compile' }>): Promise<TaskResult> {
    const { rules, ...summary } = await compile(task.configuration, {
      ...task.options,
      // Who waits for this thread counts the time.
      timeoutMs: Infinity,
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

  #send(message: Message): void {
    this.#post({ ...message, taskId: this.id })
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
