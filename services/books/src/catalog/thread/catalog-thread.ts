import { Worker } from 'node:worker_threads'
import type { AsyncCatalog } from '../catalog.js'
import { CatalogError } from '../errors.js'
import type { Answer, Failure, Method, Question } from './messages.js'

export interface CatalogThreadOptions {
  /** Questions that may wait for an answer; more are refused with CATALOG_BUSY. 1,000 by default. */
  readonly maxWaiting?: number
}

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

interface Running {
  readonly worker: Worker
  /** All that was asked and is not answered. */
  readonly waiting: Map<number, Waiting>
  /** Those of them that the thread does not have yet, by their ids. */
  readonly unsent: Map<number, Question>
  /** What the thread has. */
  sent: number
  readonly ended: Promise<void>
}

const MAX_WAITING = 1000
/** The thread has so many questions at a time: it never waits for the next one, and the others can be taken back. */
const MAX_SENT = 8

/**
 * A catalog that is asked from a thread where nothing may take long: a thread of its own has the connection. When that thread dies, the questions
 * it had fail with CATALOG_UNAVAILABLE, and the next one starts another.
 */
export class CatalogThread implements AsyncCatalog {
  readonly #path: string
  readonly #maxWaiting: number
  #running: Running | undefined
  #lastId = 0
  #closed = false

  private constructor(path: string, { maxWaiting = MAX_WAITING }: CatalogThreadOptions) {
    this.#path = path
    this.#maxWaiting = maxWaiting
  }

  /** Starts the thread, and waits until the catalog is open. @throws CatalogError as `openCatalog` */
  static async open(path: string, options: CatalogThreadOptions = {}): Promise<CatalogThread> {
    const thread = new CatalogThread(path, options)
    await thread.count()
    return thread
  }

  readonly byIsbn: AsyncCatalog['byIsbn'] = (...args) => this.#ask('byIsbn', args)
  readonly match: AsyncCatalog['match'] = (...args) => this.#ask('match', args)
  readonly matchText: AsyncCatalog['matchText'] = (...args) => this.#ask('matchText', args)
  readonly search: AsyncCatalog['search'] = (query, signal) => this.#ask('search', [query], signal)
  readonly similar: AsyncCatalog['similar'] = (query, signal) => this.#ask('similar', [query], signal)
  readonly weekly: AsyncCatalog['weekly'] = (...args) => this.#ask('weekly', args)
  readonly count: AsyncCatalog['count'] = (...args) => this.#ask('count', args)

  /** Answers what was asked before, and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true
    const running = this.#running
    if (running === undefined) return
    this.#send(running, Infinity)
    running.worker.postMessage('close')
    await running.ended
  }

  #ask<Value>(method: Method, args: readonly unknown[], signal?: AbortSignal): Promise<Value> {
    if (this.#closed) return Promise.reject(new CatalogError('CATALOG_CLOSED', 'The catalog is closed.'))
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    const running = (this.#running ??= this.#start())
    const { waiting, unsent } = running
    if (waiting.size >= this.#maxWaiting) {
      return Promise.reject(new CatalogError('CATALOG_BUSY', `${this.#maxWaiting} questions to the catalog wait for an answer.`))
    }
    const id = ++this.#lastId
    return new Promise<Value>((resolve, reject) => {
      const takeBack = () => {
        // One that the thread has is answered to nobody.
        if (unsent.delete(id)) waiting.delete(id)
        reject(signal?.reason as Error)
      }
      const done = () => signal?.removeEventListener('abort', takeBack)
      signal?.addEventListener('abort', takeBack, { once: true })
      waiting.set(id, {
        resolve: (value) => {
          done()
          resolve(value)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      })
      unsent.set(id, { id, method, args })
      this.#send(running, MAX_SENT)
    })
  }

  #send(running: Running, most: number): void {
    for (const [id, question] of running.unsent) {
      if (running.sent >= most) return
      running.unsent.delete(id)
      running.sent += 1
      running.worker.postMessage(question)
    }
  }

  #start(): Running {
    const worker = new Worker(new URL('./thread-main.js', import.meta.url), { name: 'catalog', workerData: { path: this.#path } })
    const waiting = new Map<number, Waiting>()
    let end = new CatalogError('CATALOG_UNAVAILABLE', 'The thread of the catalog has ended.')
    worker.on('message', (answer: Answer) => {
      if ('failed' in answer) end = errorOf(answer.failed)
      if (!('id' in answer)) return
      running.sent -= 1
      this.#send(running, MAX_SENT)
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('error' in answer) asked?.reject(errorOf(answer.error))
      else asked?.resolve(answer.value as never)
    })
    worker.on('error', (error) => {
      end = new CatalogError('CATALOG_UNAVAILABLE', `The thread of the catalog failed: ${String(error)}`, { cause: error })
    })
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        if (this.#running?.worker === worker) this.#running = undefined
        for (const { reject } of waiting.values()) reject(end)
        resolve()
      })
    })
    const running: Running = { worker, waiting, unsent: new Map(), sent: 0, ended }
    return running
  }
}

function errorOf({ code, message }: Failure): CatalogError {
  return new CatalogError(code ?? 'CATALOG_UNAVAILABLE', message)
}
