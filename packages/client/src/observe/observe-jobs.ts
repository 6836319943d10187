import type { Job } from '@headway/protocol'
import type { JobListQuery, Jobs } from '../types.js'
import { sharedStore } from './store.js'
import type { Store } from './store.js'

/** A page of jobs as it is now. */
export interface ObservedJobs {
  /** Undefined until it is there. */
  readonly jobs?: readonly Job[] | undefined
  /** Gives the next page; null on the last one. */
  readonly nextCursor?: string | null | undefined
  /** Why the last asking failed; what was there before stays. */
  readonly error?: Error | undefined
  /** It is being asked for the first time; `jobs` are those of the query before, if there was one. */
  readonly loading: boolean
  /** Asks again now. */
  readonly refresh: () => void
}

/** Hints that come faster are taken together, in milliseconds. */
const SPACING_MS = 2000
/** So often it is asked for without a hint, in milliseconds: hints may be lost. */
const PERIOD_MS = 15_000

/** Keeps a page of jobs: asked for again when jobs have changed, and now and then while the page is seen. */
export function observeJobs(client: { readonly jobs: Jobs }, query: JobListQuery = {}): Store<ObservedJobs> {
  return sharedStore(client, `jobs ${JSON.stringify(query)}`, () => {
    let ask = (): void => undefined
    let shown: ObservedJobs = { loading: true, refresh: () => ask() }
    return {
      compute: () => shown,
      open(changed) {
        const stop = new AbortController()
        let isAsking = false
        let isDue = false
        let askedAt = 0
        let timer: ReturnType<typeof setTimeout> | undefined

        async function fetchPage(): Promise<void> {
          clearTimeout(timer)
          if (isAsking) {
            isDue = true
            return
          }
          isAsking = true
          isDue = false
          askedAt = Date.now()
          try {
            const { jobs, nextCursor } = await client.jobs.list(query, { signal: stop.signal })
            shown = { ...shown, jobs, nextCursor, error: undefined, loading: false }
          } catch (error) {
            if (stop.signal.aborted) return
            shown = { ...shown, error: error as Error, loading: false }
          }
          isAsking = false
          if (stop.signal.aborted) return
          changed()
          schedule(isDue ? SPACING_MS : PERIOD_MS)
        }

        function schedule(ms: number): void {
          clearTimeout(timer)
          timer = setTimeout(() => {
            // Asked for when it is looked at again.
            if (typeof document === 'undefined' || !document.hidden) void fetchPage()
          }, ms)
        }

        function hint(): void {
          isDue = true
          if (!isAsking) schedule(Math.max(0, askedAt + SPACING_MS - Date.now()))
        }

        function seen(): void {
          if (!document.hidden && (isDue || Date.now() - askedAt > PERIOD_MS)) void fetchPage()
        }

        ask = () => void fetchPage()
        const stopHints = client.jobs.onChanged(hint)
        if (typeof document !== 'undefined') document.addEventListener('visibilitychange', seen)
        void fetchPage()
        return () => {
          stop.abort()
          clearTimeout(timer)
          stopHints()
          if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', seen)
        }
      },
    }
  })
}
