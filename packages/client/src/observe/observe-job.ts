import type { Job, JobId } from '@headway/protocol'
import { createBackoff } from '../backoff.js'
import { HeadwayClientError, isRefusal } from '../errors.js'
import type { ConnectionState, Follow, Jobs } from '../types.js'
import { foldJob, isUnclear } from './fold-job.js'
import { isTerminal } from './is-terminal.js'
import { sharedStore } from './store.js'
import type { Store } from './store.js'

/** A job as it is now. */
export interface ObservedJob {
  /** Undefined until it is there. */
  readonly job?: Job | undefined
  /** Why it can't be had; what was there before stays. */
  readonly error?: Error | undefined
  /** `live` while every change is heard of; `closed` when the job is over. */
  readonly connection: ConnectionState
}

/** Keeps a job as it is, by folding its events. */
export function observeJob(client: { readonly jobs: Jobs }, id: JobId, token?: string): Store<ObservedJob> {
  return sharedStore(client, `job ${id}`, () => {
    let now: ObservedJob = { connection: 'connecting' }
    return {
      compute: () => now,
      open: (changed) =>
        watch(client.jobs, id, token, (change) => {
          now = { ...now, ...(typeof change === 'function' ? change(now) : change) }
          changed()
        }),
    }
  })
}

type Change = Partial<ObservedJob>

/** @param set takes changes, or what makes one of what is there @returns what ends it */
function watch(
  jobs: Jobs,
  id: JobId,
  token: string | undefined,
  set: (change: Change | ((now: ObservedJob) => Change)) => void,
): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const options = { ...(token !== undefined && { token }) }
  let following: Follow | undefined

  /** Asks until there is an answer. @param isReset what was heard before counts no more */
  async function ask(isReset = false): Promise<Job | undefined> {
    const backoff = createBackoff()
    do {
      try {
        const job = await jobs.get(id, { signal, ...options })
        // One that is behind what was heard meanwhile is of no use.
        set((now) => (!isReset && now.job && now.job.head > job.head ? {} : { job, error: undefined }))
        return job
      } catch (error) {
        if (signal.aborted) return undefined
        const isFinal = error instanceof HeadwayClientError && isRefusal(error.status)
        set({ error: error as Error, connection: isFinal ? 'closed' : 'reconnecting' })
        if (isFinal) return undefined
      }
    } while (await backoff.pause(signal))
    return undefined
  }

  async function begin(): Promise<void> {
    const job = await ask()
    if (!job || signal.aborted) return
    if (isTerminal(job)) return set({ connection: 'closed' })
    following = jobs.follow(id, { after: job.head, ...options })
    following.onState((connection) => set({ connection }))
    following.subscribe(
      (events) => {
        set(({ job: before }) => ({ job: before && events.reduce(foldJob, before) }))
        if (events.some(isUnclear)) void ask(events.some(({ type }) => type === 'reset'))
      },
      (error) => set({ connection: 'closed', ...(error && { error }) }),
    )
    set({ connection: following.state })
  }

  void begin()
  return () => {
    stop.abort()
    following?.close()
  }
}
