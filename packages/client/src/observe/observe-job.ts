import type { Job, JobId } from '@headway/protocol'
import { createBackoff } from '../backoff.js'
import { HeadwayClientError, isRefusal } from '../errors.js'
import type { ConnectionState, Follow, Jobs } from '../types.js'
import { isTerminal } from '../is-terminal.js'
import { foldJob, isUnclear } from './fold-job.js'
import { sharedStore } from './store.js'
import type { Store } from './store.js'

/** A job as it is now. */
export interface ObservedJob {
  /** Undefined until it is there. */
  readonly job?: Job | undefined
  /** Why it can't be had; what was there before stays. */
  readonly error?: Error | undefined
  /** `live` while every change is heard of; `closed` when the job is over, or can't be had. */
  readonly connection: ConnectionState
  /** Asks for the job again, and follows it from there: after an error that has ended it, say. */
  readonly refresh: () => void
}

/** Keeps a job as it is, by folding its events. */
export function observeJob(client: { readonly jobs: Jobs }, id: JobId, token?: string): Store<ObservedJob> {
  return sharedStore(client, `job ${id} ${token}`, () => {
    let begin = (): void => undefined
    let now: ObservedJob = { connection: 'connecting', refresh: () => begin() }
    return {
      compute: () => now,
      open(changed) {
        let stop = (): void => undefined
        const set = (change: (now: ObservedJob) => Change): void => {
          now = { ...now, ...change(now) }
          changed()
        }
        begin = () => {
          stop()
          if (now.connection === 'closed') set(() => ({ connection: 'connecting' }))
          stop = watch(client.jobs, id, token, set, () => begin())
        }
        begin()
        return () => {
          begin = () => undefined
          stop()
        }
      },
    }
  })
}

type Change = Partial<ObservedJob>

/**
 * @param set takes what makes a change of what is there
 * @param again begins anew: what was heard counts no more
 * @returns what ends it
 */
function watch(
  jobs: Jobs,
  id: JobId,
  token: string | undefined,
  set: (change: (now: ObservedJob) => Change) => void,
  again: () => void,
): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const options = { ...(token !== undefined && { token }) }
  let following: Follow | undefined
  let isAsking = false
  let isDue = false

  /** Asks until there is an answer. While the job is followed, how the connection is is the follow's to say. */
  async function ask(): Promise<Job | undefined> {
    const backoff = createBackoff()
    do {
      try {
        const job = await jobs.get(id, { signal, ...options })
        if (signal.aborted) return undefined
        // One that is behind what was heard meanwhile is of no use.
        set((now) => ({ ...(!(following && now.job && now.job.head > job.head) && { job }), error: undefined }))
        return job
      } catch (error) {
        if (signal.aborted) return undefined
        const isFinal = error instanceof HeadwayClientError && isRefusal(error.status)
        set(() => ({ error: error as Error, ...(!following && { connection: isFinal ? 'closed' : 'reconnecting' }) }))
        if (isFinal) return undefined
      }
    } while (await backoff.pause(signal))
    return undefined
  }

  /** Asks once more: after the asking that is under way, if there is one. */
  async function askAgain(): Promise<void> {
    isDue = true
    if (isAsking) return
    isAsking = true
    while (isDue) {
      isDue = false
      await ask()
    }
    isAsking = false
  }

  async function begin(): Promise<void> {
    const job = await ask()
    if (!job || signal.aborted) return
    if (isTerminal(job.status)) return set(() => ({ connection: 'closed' }))
    following = jobs.follow(id, { after: job.head, ...options })
    following.onState((connection) => {
      if (!signal.aborted) set(() => ({ connection }))
    })
    following.subscribe(
      (events) => {
        if (signal.aborted) return
        if (events.some(({ type }) => type === 'reset')) return again()
        set(({ job: before }) => ({ job: before && events.reduce(foldJob, before) }))
        if (events.some(isUnclear)) void askAgain()
      },
      (error) => {
        if (!signal.aborted) set(() => ({ connection: 'closed', ...(error && { error }) }))
      },
    )
    const { state: connection } = following
    set(() => ({ connection }))
  }

  void begin()
  return () => {
    stop.abort()
    following?.close()
  }
}
