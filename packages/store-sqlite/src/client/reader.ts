import { StoreError } from '@headway/core'
import type { FromReader, Outcome, ReadAnswerOf, ReadKind, ReadOperation, ReadOperations, ToReader } from '../messages.js'
import { storeErrorOf } from './store-error.js'
import type { Thread } from './thread.js'

interface Waiting {
  resolve(answer: ReadAnswerOf): void
  reject(error: StoreError): void
}

/** The reader thread, as the main thread sees it. What is asked within one turn of the event loop goes as one message. */
export class Reader {
  readonly #thread: Thread<ToReader, FromReader>
  readonly #waiting = new Map<number, Waiting>()
  #unsent: (readonly [number, ReadOperation])[] = []
  #lastNumber = 0
  #ended: StoreError | undefined

  constructor(thread: Thread<ToReader, FromReader>) {
    this.#thread = thread
    thread.onMessage((answers) => {
      for (const [number, outcome] of answers) this.#settle(number, outcome)
    })
    thread.onEnd((error) => this.#end(error))
  }

  /** @throws StoreError */
  read<Kind extends ReadKind>(kind: Kind, args: ReadOperations[Kind][0]): Promise<ReadOperations[Kind][1]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise<ReadOperations[Kind][1]>((resolve, reject) => {
      const number = ++this.#lastNumber
      // The answer to an operation is of the operation's kind: the thread answers by number.
      this.#waiting.set(number, { resolve, reject })
      if (this.#unsent.push([number, { kind, args } as ReadOperation]) === 1) queueMicrotask(() => this.#send())
    })
  }

  /** Lets the reads under way finish. Later ones throw StoreError `closed`. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    this.#ended = new StoreError('closed', 'The store was closed.')
    this.#send()
    await this.#thread.end('close')
  }

  #send(): void {
    const operations = this.#unsent
    if (operations.length === 0) return
    this.#unsent = []
    this.#thread.post(operations)
  }

  #settle(number: number, outcome: Outcome<ReadAnswerOf>): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (outcome.ok) waiting?.resolve(outcome.answer)
    else waiting?.reject(storeErrorOf(outcome.error))
  }

  #end(error: StoreError): void {
    this.#ended ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}
