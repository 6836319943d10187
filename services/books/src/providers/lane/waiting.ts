import { FairQueue } from './fair-queue.js'
import type { Item } from './item.js'

/** Queries of one kind that wait for a call. */
export class Waiting {
  readonly #queue = new FairQueue<Item>()
  readonly #batchSize: number
  readonly #lingerMs: number
  /** Queries that may come yet: a batch that is not full waits for them. */
  expected = 0

  /** @param lingerMs how long a batch waits to be full */
  constructor(batchSize: number, lingerMs: number) {
    this.#batchSize = batchSize
    this.#lingerMs = lingerMs
  }

  add(item: Item): void {
    this.#queue.add(item)
  }

  delete(item: Item): void {
    this.#queue.delete(item)
  }

  /** When the next batch is ready, in milliseconds since the Unix epoch; 0: it is; undefined: there is none. */
  get dueAt(): number | undefined {
    if (this.#queue.size === 0) return undefined
    if (this.#queue.size >= this.#batchSize || this.expected <= 0) return 0
    return Math.min(...Array.from(this.#queue.heads(), ({ since }) => since)) + this.#lingerMs
  }

  /** The next batch. */
  take(): Item[] {
    return this.#queue.take(this.#batchSize)
  }

  /** All that wait. */
  takeAll(): Item[] {
    return this.#queue.take(this.#queue.size)
  }
}
