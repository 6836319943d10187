import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import { fittingItem } from './fitting-item.js'
import { ITEM_EVENT, STEP_EVENT } from './item.js'
import type { NewItem } from './item.js'

/** How often the figures of a job change at most, in milliseconds: the items tell them anyway. */
const PROGRESS_MS = 250

/** So many items may wait for their commit, before the work waits for it. */
const MAX_UNCOMMITTED = 500

/** What every checkpoint of this service has. */
const savedSchema = z.looseObject({ startedAt: z.string(), done: z.int().nonnegative() })

/** What a job saves with an item, so that its next attempt goes on behind it. */
export interface ItemCheckpoint {
  readonly [name: string]: Json
}

/** Writes the items of a job, each once, whatever happens between two of them: an item and its checkpoint are one transaction. */
export class ItemWriter {
  readonly startedAt: string
  readonly #ctx: JobContext
  /** How many items there are, as far as is known. */
  total: number
  #done: number
  #toldAt = 0
  #uncommitted: Promise<void>[] = []

  /** @param total how many items there will be */
  constructor(ctx: JobContext, total: number) {
    const saved = savedSchema.safeParse(ctx.saved).data
    this.#ctx = ctx
    this.total = total
    this.#done = saved?.done ?? 0
    this.startedAt = saved?.startedAt ?? new Date().toISOString()
  }

  /** How many items were written, in earlier attempts too. */
  get done(): number {
    return this.#done
  }

  /** Says how much there is to do. */
  begin(): Promise<void> {
    return this.#tell()
  }

  /** Writes a step that is no item, with its checkpoint. */
  step(item: NewItem, checkpoint: ItemCheckpoint): Promise<void> {
    return this.#emit(STEP_EVENT, item, checkpoint)
  }

  /**
   * Writes an item. It is on its way when this resolves; `end` waits for the last one.
   *
   * @param checkpoint what is saved with it
   * @throws the reason for which the job must stop
   */
  async write(item: NewItem, checkpoint: ItemCheckpoint): Promise<void> {
    this.#done += 1
    await this.#emit(ITEM_EVENT, item, checkpoint)
  }

  async #emit(type: string, item: NewItem, checkpoint: ItemCheckpoint): Promise<void> {
    const data = fittingItem({ done: this.#done, total: this.total, startedAt: this.startedAt, ...item })
    const saved = { startedAt: this.startedAt, done: this.#done, ...checkpoint }
    const written = this.#ctx.emit(type, data, { checkpoint: saved })
    // Somebody waits for it later; until then a failure must not end the process.
    written.catch(() => {})
    this.#uncommitted.push(written)
    if (this.#uncommitted.length >= MAX_UNCOMMITTED) await this.#settle()
    if (Date.now() - this.#toldAt >= PROGRESS_MS) await this.#tell()
  }

  /** Waits until all is committed, and tells the last figures. */
  async end(): Promise<void> {
    await this.#settle()
    await this.#tell()
  }

  async #settle(): Promise<void> {
    const waiting = this.#uncommitted
    this.#uncommitted = []
    await Promise.all(waiting)
  }

  async #tell(): Promise<void> {
    this.#toldAt = Date.now()
    await this.#ctx.progress({ done: this.#done, total: this.total, message: `${this.#done} of ${this.total}` })
  }
}
