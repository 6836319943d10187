import { StoreError } from '@headway/core'
import { Room } from '@headway/store-kit'
import type { FromWriter, Outcome, ToWriter, WriteAnswer, WriteKind, WriteOperation, WriteOperations } from '../messages.js'
import { storeErrorOf } from './store-error.js'
import type { Thread } from './thread.js'

export interface WriterLimits {
  readonly maxWaitingOperations: number
  readonly maxWaitingBytes: number
  readonly maxCommitBytes: number
}

interface Waiting {
  readonly operation: WriteOperation
  readonly bytes: number
  resolve(answer: WriteAnswer): void
  reject(error: StoreError): void
}

/**
 * The writer thread, as the main thread sees it: group commit. While a commit is under way, operations wait, and then go
 * together as the next; in an idle store an operation is committed at once. What waits is bounded: more callers wait for room.
 */
export class Writer {
  readonly #thread: Thread<ToWriter, FromWriter>
  readonly #maxCommitBytes: number
  readonly #room: Room
  #waiting: Waiting[] = []
  #committing: readonly Waiting[] = []
  #scheduled = false
  /** Why nothing new is taken: the store was closed, or the thread died. */
  #ended: StoreError | undefined
  /** The thread died; nothing can be done any more. */
  #dead: StoreError | undefined
  /** Operations that were accepted and have no answer yet, those that wait for room included. */
  #open = 0
  #drained: (() => void) | undefined

  constructor(thread: Thread<ToWriter, FromWriter>, limits: WriterLimits) {
    this.#thread = thread
    this.#maxCommitBytes = limits.maxCommitBytes
    this.#room = new Room(limits.maxWaitingOperations, limits.maxWaitingBytes)
    thread.onMessage(({ outcomes }) => this.#settle(outcomes))
    thread.onEnd((error) => this.#end(error))
  }

  /**
   * Resolves when the operation is committed.
   *
   * @param bytes about how much the arguments hold
   * @param args makes the arguments, once there is room for them
   * @throws StoreError
   */
  async write<Kind extends WriteKind>(kind: Kind, bytes: number, args: () => WriteOperations[Kind][0]): Promise<WriteOperations[Kind][1]> {
    if (this.#ended !== undefined) throw this.#ended
    this.#open += 1
    try {
      const wait = this.#room.enter(bytes)
      if (wait !== undefined) await wait
      if (this.#dead !== undefined) throw this.#dead
      const operation = { kind, args: args() } as WriteOperation
      return await new Promise<WriteOperations[Kind][1]>((resolve, reject) => {
        // The answer to an operation is of the operation's kind: answers come in the order of the operations.
        this.#waiting.push({ operation, bytes, resolve, reject })
        this.#schedule()
      })
    } finally {
      this.#open -= 1
      if (this.#open === 0) this.#drained?.()
    }
  }

  /** Commits what waits, and ends the thread when `others` have let go of the database. Later calls throw StoreError `closed`. */
  async close(others: Promise<void>): Promise<void> {
    if (this.#ended !== undefined) return
    this.#ended = new StoreError('closed', 'The store was closed.')
    if (this.#open > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    await others
    await this.#thread.end('close')
  }

  /** At the end of this turn of the event loop, so that what one turn brings goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#committing.length > 0) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#commit()
    })
  }

  #commit(): void {
    if (this.#committing.length > 0 || this.#waiting.length === 0) return
    let bytes = 0
    let count = 0
    while (count < this.#waiting.length && (count === 0 || bytes < this.#maxCommitBytes)) bytes += this.#waiting[count++]?.bytes ?? 0
    this.#committing = this.#waiting.splice(0, count)
    this.#thread.post({ operations: this.#committing.map(({ operation }) => operation) })
    this.#room.leave(count, bytes)
  }

  #settle(outcomes: readonly Outcome<WriteAnswer>[]): void {
    const committed = this.#committing
    this.#committing = []
    // The next commit runs while the answers are handed out.
    this.#commit()
    for (const [index, { resolve, reject }] of committed.entries()) {
      const outcome = outcomes[index]
      if (outcome?.ok === true) resolve(outcome.answer)
      else reject(outcome === undefined ? new StoreError('unavailable', 'The writer gave no answer.') : storeErrorOf(outcome.error))
    }
  }

  #end(error: StoreError): void {
    this.#ended ??= error
    this.#dead = error
    for (const { reject } of [...this.#committing, ...this.#waiting]) reject(error)
    this.#committing = []
    this.#waiting = []
    this.#room.open()
  }
}
