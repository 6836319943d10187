import { useHeadway } from '@headway/client/react'
import type { Json } from '@headway/protocol'
import { useEffect, useState } from 'react'

interface InputOfJob {
  /** Whether it is known what to begin with, be it nothing. */
  readonly isThere: boolean
  readonly input?: Json
  readonly error?: Error
}

/** The input of a job that is to run again. @param id undefined for none */
export function useInputOf(id: string | undefined): InputOfJob {
  const { jobs } = useHeadway()
  const [state, setState] = useState<InputOfJob>({ isThere: id === undefined })
  useEffect(() => {
    if (id === undefined) return undefined
    const ending = new AbortController()
    jobs.get(id, { signal: ending.signal }).then(
      ({ input }) => setState({ isThere: true, input }),
      (error: Error) => {
        if (!ending.signal.aborted) setState({ isThere: true, error })
      },
    )
    return () => ending.abort()
  }, [jobs, id])
  return state
}
