import { setMaxListeners } from 'node:events'
import { HeadwayError } from '@headway/core'
import type { Engine, StoredJob } from '@headway/core'
import type { JobStatus } from '@headway/protocol'
import { BATCH_JOB_TYPE, batchInputSchema } from './batch-input.js'
import { COMPILE_JOB_TYPE, compileInputSchema } from './compile-input.js'

/** Jobs that are not over. */
const OPEN: readonly JobStatus[] = ['queued', 'running', 'paused']

/** How many jobs are looked at in one go after a start: each may have a large input. */
const PAGE = 20

/** How many compilations each owner has that are not over: they wait, run or rest. The lists of a batch count one by one. */
export class OpenCompilations {
  readonly #engine: Pick<Engine, 'finished' | 'list'>
  readonly #max: number
  /** What each job has, by its id. */
  readonly #held = new Map<string, { readonly owner: string; readonly count: number }>()
  /** Of each owner. */
  readonly #open = new Map<string, number>()
  readonly #closing = new AbortController()

  /** @param max for each owner; 0: any number */
  constructor(engine: Pick<Engine, 'finished' | 'list'>, max: number) {
    this.#engine = engine
    this.#max = max
    // One for each open compilation.
    setMaxListeners(0, this.#closing.signal)
  }

  /**
   * Takes places for the compilations of a job that is about to be made.
   *
   * @param owner see `ownerOf`; undefined may have any number
   * @throws HeadwayError TOO_MANY_OPEN
   */
  take(jobId: string, owner: string | undefined, count: number): void {
    if (owner === undefined || this.#max === 0) return
    const open = this.#open.get(owner) ?? 0
    if (open + count > this.#max) {
      const message = `At most ${this.#max} compilations of one address may wait, run or rest at a time, and ${open} do. Wait until some are over, or cancel some (POST /queue/cancel/{requestId}). An API key has no such limit.`
      throw new HeadwayError('TOO_MANY_OPEN', message, { details: { open, limit: this.#max } })
    }
    this.#hold(jobId, owner, count)
  }

  /** Counts a job until it is over, also one for which nothing was taken: the holder of an API key may run somebody's compilation again. */
  made({ id, type, input }: Pick<StoredJob, 'id' | 'type' | 'input'>): void {
    if (this.#max === 0) return
    if (!this.#held.has(id)) {
      const { owner, count } = type === COMPILE_JOB_TYPE ? singleOf(input) : batchOf(input)
      if (owner === undefined) return
      this.#hold(id, owner, count)
    }
    const giveBack = (): void => this.giveBack(id)
    // A job that can't be found any more is over, too.
    void this.#engine.finished(id, this.#closing.signal).then(giveBack, giveBack)
  }

  /** The job is over, or was not made after all. */
  giveBack(jobId: string): void {
    const held = this.#held.get(jobId)
    if (held === undefined) return
    this.#held.delete(jobId)
    const left = (this.#open.get(held.owner) ?? 0) - held.count
    if (left > 0) this.#open.set(held.owner, left)
    else this.#open.delete(held.owner)
  }

  /** Counts what an earlier server left open. */
  async restore(): Promise<void> {
    if (this.#max === 0) return
    for (let cursor: string | undefined; ;) {
      const query = { types: [COMPILE_JOB_TYPE, BATCH_JOB_TYPE], statuses: OPEN, limit: PAGE, ...(cursor !== undefined && { cursor }) }
      const { items, nextCursor } = await this.#engine.list(query)
      for (const job of items) this.made(job)
      if (nextCursor === null) return
      cursor = nextCursor
    }
  }

  close(): void {
    this.#closing.abort()
  }

  #hold(jobId: string, owner: string, count: number): void {
    this.#held.set(jobId, { owner, count })
    this.#open.set(owner, (this.#open.get(owner) ?? 0) + count)
  }
}

const ownedSchema = compileInputSchema.pick({ owner: true })
const ownedBatchSchema = batchInputSchema.pick({ owner: true, requests: true })

function singleOf(input: unknown): { owner: string | undefined; count: number } {
  return { owner: ownedSchema.safeParse(input).data?.owner, count: 1 }
}

function batchOf(input: unknown): { owner: string | undefined; count: number } {
  const batch = ownedBatchSchema.safeParse(input).data
  return { owner: batch?.owner, count: batch?.requests.length ?? 0 }
}
