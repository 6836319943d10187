import { StoreError } from '@headway/core'
import { Room } from '@headway/store-kit'
import { isTrouble } from '../errors.js'

export interface GroupLimits {
  /** How many groups may be under way at the same time. */
  readonly maxUnderWay: number
  readonly maxWaitingOperations: number
  readonly maxWaitingBytes: number
  readonly maxGroupOperations: number
  readonly maxGroupBytes: number
}

interface Waiting<Operation, Answer> {
  readonly operation: Operation
  readonly key: string
  readonly bytes: number
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Group commit: while groups are under way, operations wait, and then go together as the next; in an idle store an operation goes at once.
 * Operations of one key never overtake one another, and none is in a group twice. What waits is bounded: more callers wait for room.
 */
export class GroupCommit<Operation, Answer> {
  readonly #commit: (operations: readonly Operation[]) => Promise<readonly Answer[]>
  readonly #limits: GroupLimits
  readonly #room: Room
  #waiting: Waiting<Operation, Answer>[] = []
  /** Keys of operations that are under way. */
  readonly #busy = new Set<string>()
  #underWay = 0
  #open = 0
  #scheduled = false
  #closed = false
  #drained: (() => void) | undefined

  constructor(limits: GroupLimits, commit: (operations: readonly Operation[]) => Promise<readonly Answer[]>) {
    this.#limits = limits
    this.#room = new Room(limits.maxWaitingOperations, limits.maxWaitingBytes)
    this.#commit = commit
  }

  /** Resolves when the operation is committed. @param bytes about how much it holds */
  async add(key: string, bytes: number, operation: Operation): Promise<Answer> {
    if (this.#closed) throw new StoreError('closed', 'The store was closed.')
    this.#open += 1
    try {
      const wait = this.#room.enter(bytes)
      if (wait !== undefined) await wait
      return await new Promise<Answer>((resolve, reject) => {
        this.#waiting.push({ operation, key, bytes, resolve, reject })
        this.#schedule()
      })
    } finally {
      this.#open -= 1
      if (this.#open === 0) this.#drained?.()
    }
  }

  /** Takes nothing more, and resolves when all that was taken is done. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#open > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
  }

  /** At the end of this turn of the event loop, so that what one turn brings goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#limits.maxUnderWay) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#start()
    })
  }

  #start(): void {
    if (this.#underWay >= this.#limits.maxUnderWay) return
    const group = this.#next()
    if (group.length === 0) return
    this.#underWay += 1
    void this.#run(group).finally(() => {
      this.#underWay -= 1
      for (const { key } of group) this.#busy.delete(key)
      this.#start()
    })
    this.#schedule()
  }

  #next(): Waiting<Operation, Answer>[] {
    const { maxGroupOperations, maxGroupBytes } = this.#limits
    const group: Waiting<Operation, Answer>[] = []
    const rest: Waiting<Operation, Answer>[] = []
    let bytes = 0
    const held = new Set<string>()
    for (const one of this.#waiting) {
      const fits = group.length < maxGroupOperations && (group.length === 0 || bytes + one.bytes <= maxGroupBytes)
      if (!fits || this.#busy.has(one.key) || held.has(one.key)) {
        held.add(one.key)
        rest.push(one)
        continue
      }
      this.#busy.add(one.key)
      group.push(one)
      bytes += one.bytes
    }
    this.#waiting = rest
    this.#room.leave(group.length, bytes)
    return group
  }

  async #run(group: readonly Waiting<Operation, Answer>[]): Promise<void> {
    try {
      const answers = await this.#commit(group.map(({ operation }) => operation))
      for (const [index, { resolve, reject }] of group.entries()) {
        const answer = answers[index]
        if (answer === undefined) reject(new StoreError('unavailable', 'The database gave no answer.'))
        else resolve(answer)
      }
    } catch (error) {
      await this.#apart(group, error)
    }
  }

  /** What is wrong with one operation is no concern of its neighbours: each is tried alone. When the database itself is in trouble, all have failed. */
  async #apart(group: readonly Waiting<Operation, Answer>[], error: unknown): Promise<void> {
    if (group.length === 1 || (error instanceof StoreError && (error.code === 'closed' || isTrouble(error.cause)))) {
      for (const { reject } of group) reject(error)
      return
    }
    for (const one of group) await this.#run([one])
  }
}
