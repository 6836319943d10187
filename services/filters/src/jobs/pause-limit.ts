import type { Engine, StoredJob } from '@headway/core'
import { BATCH_JOB_TYPE } from './batch-input.js'
import { COMPILE_JOB_TYPE } from './compile-input.js'

/** How often it is looked for compilations that are paused for too long, at most and at least, in milliseconds. */
const MOST_OFTEN_MS = 50
const LEAST_OFTEN_MS = 60_000

/** How many jobs are looked at in one go: each may have a large input. */
const PAGE = 20

/** The end of a log in which a pause is looked for, in events: nothing much comes after it. */
const RECENT_EVENTS = 200

export interface PauseLimitOptions {
  readonly maxPauseMs: number
  /** Hears what went wrong; the next look tries again. */
  readonly onError: (error: unknown) => void
}

/** Cancels compilations that are paused for too long, whoever looks after them. The answer ends it. */
export function limitPauses(engine: Engine, { maxPauseMs, onError }: PauseLimitOptions): () => Promise<void> {
  const everyMs = Math.min(LEAST_OFTEN_MS, Math.max(MOST_OFTEN_MS, maxPauseMs / 4))
  let looking: Promise<void> = Promise.resolve()
  let isOver = false
  let timer: NodeJS.Timeout
  const again = (): void => {
    timer = setTimeout(() => {
      looking = cancelRested(engine, maxPauseMs)
        .catch(onError)
        .then(() => {
          if (!isOver) again()
        })
    }, everyMs).unref()
  }
  again()
  return () => {
    isOver = true
    clearTimeout(timer)
    return looking
  }
}

async function cancelRested(engine: Engine, maxPauseMs: number): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const query = { types: [COMPILE_JOB_TYPE, BATCH_JOB_TYPE], statuses: ['paused'] as const, limit: PAGE }
    const { items, nextCursor } = await engine.list({ ...query, ...(cursor !== undefined && { cursor }) })
    for (const job of items) {
      const since = await pausedSince(engine, job)
      if (since === undefined || Date.now() - since < maxPauseMs) continue
      await engine.request(job.id, 'cancel', `It was paused for longer than ${timeText(maxPauseMs)}.`)
    }
    if (nextCursor === null) return
    cursor = nextCursor
  }
}

/** When the job was paused, in milliseconds since the Unix epoch. */
async function pausedSince(engine: Engine, { id, head }: StoredJob): Promise<number | undefined> {
  const after = Math.max(0, head - RECENT_EVENTS)
  const { events } = await engine.read(id, { after, types: ['paused'], maxEvents: RECENT_EVENTS, maxBytes: RECENT_EVENTS * 1024 })
  const last = events.at(-1)
  return last && Date.parse(last.at)
}

function timeText(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} minutes` : `${ms / 1000} seconds`
}
