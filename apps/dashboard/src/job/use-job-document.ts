import { useHeadway } from '@headway/client/react'
import { useEffect, useState } from 'react'
import type { Job } from './model/wire.js'

/** How long after a failed try the next one is made, in milliseconds. */
const AGAIN_MS = 2000

/** What of a job is in none of its events: it is read at first, and again when it is over. */
export function useJobDocument(id: string, ended: boolean): { readonly job?: Job; readonly error?: Error } {
  const { jobs } = useHeadway()
  const [state, setState] = useState<{ readonly job?: Job; readonly error?: Error }>({})
  useEffect(() => {
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = (): void => {
      jobs.get(id, { signal: ending.signal }).then(
        (job) => setState({ job }),
        (error: Error & { readonly status?: number }) => {
          if (ending.signal.aborted) return
          setState((before) => ({ ...before, error }))
          // What the server says about the job does not change by asking again; that it is asked too often does.
          if (error.status === undefined || error.status === 429 || error.status >= 500) timer = setTimeout(read, AGAIN_MS)
        },
      )
    }
    read()
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [jobs, id, ended])
  return state
}
