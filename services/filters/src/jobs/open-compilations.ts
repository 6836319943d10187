import { setMaxListeners } from 'node:events'
import { HeadwayError } from '@headway/core'
import type { Engine } from '@headway/core'
import type { JobStatus } from '@headway/protocol'
import { BATCH_JOB_TYPE, batchInputSchema } from './batch-input.js'
import { COMPILE_JOB_TYPE, compileInputSchema } from './compile-input.js'

/** Jobs that are not over. */
const OPEN: readonly JobStatus[] = ['queued', 'running', 'paused']

/** How many jobs are looked at in one go after a start: each may have a large input. */
const PAGE = 20

/** A place that was taken for compilations. */
export interface Place {
  /** They are in this job now, which gives the place back when it is over. */
  readonly heldBy: (jobId: string) => void
  /** They were not made after all. */
  readonly giveBack: () => void
}

const NO_PLACE: Place = { heldBy: () => undefined, giveBack: () => undefined }

/** How many compilations each owner has that are not over: they wait, run or rest. The lists of a batch count one by one. */
export class OpenCompilations {
  readonly #engine: Pick<Engine, 'finished' | 'list'>
  readonly #max: number
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
   * Takes places for so many compilations.
   *
   * @param owner see `ownerOf`; undefined may have any number
   * @throws HeadwayError TOO_MANY_OPEN
   */
  take(owner: string | undefined, count: number): Place {
    if (owner === undefined || this.#max === 0) return NO_PLACE
    const open = this.#open.get(owner) ?? 0
    if (open + count > this.#max) {
      const message = `At most ${this.#max} compilations of one address may wait, run or rest at a time, and ${open} do. Wait until some are over, or cancel some (POST /queue/cancel/{requestId}). An API key has no such limit.`
      throw new HeadwayError('TOO_MANY_OPEN', message, { details: { open, limit: this.#max } })
    }
    return this.#hold(owner, count)
  }

  /** Counts what an earlier server left open. */
  async restore(): Promise<void> {
    if (this.#max === 0) return
    for (let cursor: string | undefined; ;) {
      const query = { types: [COMPILE_JOB_TYPE, BATCH_JOB_TYPE], statuses: OPEN, limit: PAGE, ...(cursor !== undefined && { cursor }) }
      const { items, nextCursor } = await this.#engine.list(query)
      for (const { id, type, input } of items) {
        const { owner, count } = type === COMPILE_JOB_TYPE ? singleOf(input) : batchOf(input)
        if (owner !== undefined) this.#hold(owner, count).heldBy(id)
      }
      if (nextCursor === null) return
      cursor = nextCursor
    }
  }

  close(): void {
    this.#closing.abort()
  }

  #hold(owner: string, count: number): Place {
    this.#open.set(owner, (this.#open.get(owner) ?? 0) + count)
    let isHeld = true
    const giveBack = (): void => {
      if (!isHeld) return
      isHeld = false
      const left = (this.#open.get(owner) ?? 0) - count
      if (left > 0) this.#open.set(owner, left)
      else this.#open.delete(owner)
    }
    return {
      giveBack,
      heldBy: (jobId) => {
        // A job that can't be found any more is over, too.
        void this.#engine.finished(jobId, this.#closing.signal).then(giveBack, giveBack)
      },
    }
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
