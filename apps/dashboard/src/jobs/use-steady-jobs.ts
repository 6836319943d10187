import type { Job } from '@headway/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useHeadway, useJobs } from '@headway/client/react'
import type { JobListQuery } from '@headway/client'
import { lost, nextLost, refreshed, shown, updated } from './steady-list.js'
import type { SteadyList } from './steady-list.js'

export interface SteadyJobs {
  readonly list?: SteadyList
  readonly error?: Error
  /** Asks again. */
  readonly refresh: () => void
  /** Shows the jobs that wait. */
  readonly showWaiting: () => void
}

/** Jobs that went out of the page are asked for this often at most, in milliseconds. */
const LOST_EVERY_MS = 5000

/**
 * Jobs that change where they stand in the list, live, while new ones wait to be shown.
 *
 * @param query the same object from render to render
 */
export function useSteadyJobs(query: JobListQuery): SteadyJobs {
  const client = useHeadway()
  const { jobs, nextCursor = null, loading, error, refresh } = useJobs(query)
  const [state, setState] = useState<{ readonly query: JobListQuery; readonly list: SteadyList; readonly from: readonly Job[] }>()
  const current = state?.query === query ? state : undefined

  // While it renders: an effect would first show the last page under the new filters.
  if (jobs !== undefined && !loading && jobs !== current?.from) {
    const page = { jobs, nextCursor }
    setState({ query, list: current === undefined ? shown(page) : refreshed(current.list, page), from: jobs })
  }

  const lostAsked = useRef({ at: 0, each: new Map<string, number>() })
  useEffect(() => {
    if (current === undefined) return undefined
    const ids = lost(current.list, { jobs: current.from, nextCursor: null })
    if (ids.length === 0) return undefined
    const end = new AbortController()
    const ask = async (): Promise<void> => {
      const now = Date.now()
      lostAsked.current.at = now
      const asked = nextLost(ids, lostAsked.current.each, now)
      const answers = await Promise.allSettled(asked.map((id) => client.jobs.get(id, { signal: end.signal })))
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
      if (!end.signal.aborted && found.length > 0)
        setState((last) => (last?.query === query ? { ...last, list: updated(last.list, found) } : last))
    }
    const timer = setTimeout(() => void ask(), Math.max(0, lostAsked.current.at + LOST_EVERY_MS - Date.now()))
    return () => {
      clearTimeout(timer)
      end.abort()
    }
    // With each page that is fetched, not with what came of asking.
  }, [current?.from, query, client])

  const showWaiting = useCallback(() => {
    setState((last) => last && { ...last, list: shown({ jobs: last.from, nextCursor }) })
  }, [nextCursor])
  return { ...(current && { list: current.list }), ...(error && { error }), refresh, showWaiting }
}
