import type { JobContext } from '@headway/core'
import type { Json, Progress } from '@headway/protocol'
import { z } from 'zod'
import { fittingItem } from './fitting-item.js'
import { ITEM_EVENT, STEP_EVENT } from './item.js'
import type { NewItem } from './item.js'

/** How often `progress` events tell the figures at most, in milliseconds. They are for watchers of any job type: the items carry the figures, too. */
const PROGRESS_MS = 250

/** So many items may wait for their commit, before the work waits for it. */
const MAX_UNCOMMITTED = 500

/** What every checkpoint of this service has. */
const savedSchema = z.looseObject({ startedAt: z.string(), done: z.int().nonnegative() })

/** What a job saves with an item, so that its next attempt goes on behind it. */
export interface ItemCheckpoint {
  readonly [name: string]: Json
}

/** How far a job came, and when it began. */
export const figuresSchema = z.object({
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  fraction: z.number().min(0).max(1).optional(),
  startedAt: z.iso.datetime(),
})
export type Figures = z.infer<typeof figuresSchema>

const WRITERS = new WeakMap<JobContext, ItemWriter>()

/** The figures of a job that runs, as its last item has them; undefined before it knows how much there is to do. */
export function figuresOf(ctx: JobContext): Figures | undefined {
  return WRITERS.get(ctx)?.figures
}

/** Writes the items of a job, each once, whatever happens between two of them: an item and its checkpoint are one transaction. */
export class ItemWriter {
  readonly startedAt: string
  readonly #ctx: JobContext
  /** How many items there are, as far as is known. */
  total: number
  #done: number
  /** Of the last item, where `done` of `total` does not tell how far the job is. */
  #fraction: number | undefined
  #toldAt = 0
  #uncommitted: Promise<void>[] = []

  /** @param total how many items there will be */
  constructor(ctx: JobContext, total: number) {
    const saved = savedSchema.safeParse(ctx.saved).data
    this.#ctx = ctx
    this.total = total
    this.#done = saved?.done ?? 0
    this.startedAt = saved?.startedAt ?? new Date().toISOString()
    WRITERS.set(ctx, this)
  }

  /** How many items were written, in earlier attempts too. */
  get done(): number {
    return this.#done
  }

  get figures(): Figures {
    const { done, total, fraction } = this.#progress
    return { done, total: total ?? 0, startedAt: this.startedAt, ...(fraction !== undefined && { fraction }) }
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
    this.#fraction = item.progress
    const data = fittingItem({ done: this.#done, total: this.total, startedAt: this.startedAt, ...item })
    const saved = { startedAt: this.startedAt, done: this.#done, ...checkpoint }
    const written = this.#ctx.emit(type, data, { checkpoint: saved, progress: this.#progress })
    // Somebody waits for it later; until then a failure must not end the process.
    written.catch(() => {})
    this.#uncommitted.push(written)
    if (this.#uncommitted.length >= MAX_UNCOMMITTED) await this.#settle()
    if (Date.now() - this.#toldAt >= PROGRESS_MS) await this.#tell()
  }

  /** Waits until all that was written is committed. @throws the reason for which the job must stop */
  committed(): Promise<void> {
    return this.#settle()
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

  get #progress(): Progress {
    const fraction = this.#fraction
    return { done: this.#done, total: this.total, message: `${this.#done} of ${this.total}`, ...(fraction !== undefined && { fraction }) }
  }

  async #tell(): Promise<void> {
    this.#toldAt = Date.now()
    await this.#ctx.progress(this.#progress)
  }
}
