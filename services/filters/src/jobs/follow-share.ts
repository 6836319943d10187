import type { JobContext } from '@headway/core'
import type { Share } from './computation.js'
import type { ComputationEvent, EventHistory } from './event-history.js'

/** How many events go into the log at a time. */
const BATCH_EVENTS = 128

/**
 * Brings a computation into a job: its events into the job's log, the job's pauses and end to the computation. When this settles, the job has given
 * its share up.
 *
 * @param take what the job makes of the result; the result's files are there until it is done
 * @param emit writes an event into the job's log
 * @throws what the computation throws; the reason of the job's signal
 */
export async function followShare<Result, Made>(
  ctx: JobContext,
  share: Share<Result>,
  take: (result: Result) => Promise<Made>,
  emit: (event: ComputationEvent) => Promise<void>,
): Promise<Made> {
  const rest = new Rest()
  const stopListening = ctx.onPause((paused) => {
    share.setPaused(paused)
    rest.set(paused)
  })
  share.result.catch(() => undefined)
  try {
    await copyEvents(share.history, emit, rest, ctx.signal)
    ctx.signal.throwIfAborted()
    return await take(await share.result)
  } finally {
    stopListening()
    await share.leave()
  }
}

async function copyEvents(
  history: EventHistory,
  emit: (event: ComputationEvent) => Promise<void>,
  rest: Rest,
  signal: AbortSignal,
): Promise<void> {
  let index = 0
  while (!signal.aborted) {
    await rest.over(signal)
    const events = history.slice(index, BATCH_EVENTS)
    if (events.length > 0) {
      index += events.length
      // What is emitted together is one commit.
      await Promise.all(events.map(emit))
    } else if (history.closed) {
      return
    } else {
      await history.news(index, signal)
    }
  }
}

/** Whether a job is paused, to be waited for. */
class Rest {
  #paused = false
  readonly #waiting = new Set<() => void>()

  set(paused: boolean): void {
    this.#paused = paused
    if (!paused) for (const go of this.#waiting) go()
  }

  async over(signal: AbortSignal): Promise<void> {
    while (this.#paused && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#waiting.delete(go)
          signal.removeEventListener('abort', go)
          resolve()
        }
        this.#waiting.add(go)
        signal.addEventListener('abort', go, { once: true })
      })
    }
  }
}
