import type { JobId } from '@headway/protocol'
import type { Clock } from '../clock.js'
import type { SweepOptions } from '../store/job-store.js'
import type { Stores } from '../store/stores.js'
import { jittered } from './jittered.js'

const SWEEP_LIMIT = 200
/** How long a finished job that is due for pruning is kept for those who still read it. In milliseconds. */
const WATCHED_GRACE_MS = 60_000

export interface SweeperOptions {
  readonly stores: Stores
  readonly clock: Clock
  readonly everyMs: number
  readonly retention: () => SweepOptions['retention']
  readonly watched: () => readonly JobId[]
  readonly losses: () => SweepOptions['losses']
  /** Called with each job that the sweep changed. */
  readonly onSwept: (id: JobId) => void
  readonly onError: (error: unknown, doing: string) => void
  /** Called when a sweep was done: the store reads and writes. */
  readonly onDone: () => void
}

/** Removes blobs whose job went while a crash kept them from going with it. To be called before jobs are created. */
export async function removeOrphans(stores: Stores): Promise<void> {
  for await (const owner of stores.blobs.owners()) {
    if ((await stores.jobs.get(owner)) === undefined) await stores.blobs.deleteAll(owner)
  }
}

/** Looks after lost workers, time-outs in the queue and retention, now and then. The answer stops it. */
export function startSweeping(options: SweeperOptions): () => Promise<void> {
  const { stores, clock, everyMs, retention, watched, losses, onSwept, onError, onDone } = options
  let stopped = false
  let cancelNext: () => void = () => undefined
  let underWay = sweep()

  async function sweep(): Promise<void> {
    try {
      for (let more = true; more;) {
        const swept = await stores.jobs.sweep({
          limit: SWEEP_LIMIT,
          retention: retention(),
          watched: watched(),
          watchedGraceMs: WATCHED_GRACE_MS,
          losses: losses() ?? new Map(),
        })
        for (const id of swept.pruned) await stores.blobs.deleteAll(id)
        for (const id of [...swept.recovered, ...swept.ended, ...swept.pruned]) onSwept(id)
        more = swept.more && !stopped
      }
      onDone()
    } catch (error) {
      onError(error, 'sweep')
    }
    if (stopped) return
    cancelNext = clock.after(jittered(everyMs), () => {
      underWay = sweep()
    })
  }

  return async () => {
    stopped = true
    cancelNext()
    await underWay
  }
}
