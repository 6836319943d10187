import { useCallback, useRef, useState } from 'react'
import type { HeadwayClient } from '@headway/client'
import { useHeadway } from '@headway/client/react'

export interface Creation<Input> {
  readonly creating: boolean
  readonly error?: Error
  readonly create: (input: Input) => void
}

/**
 * Makes one job at a time.
 *
 * @param make gives the id of the job
 * @param created is called with it
 */
export function useCreation<Input>(
  make: (client: HeadwayClient, input: Input) => Promise<string>,
  created: (id: string) => void,
): Creation<Input> {
  const client = useHeadway()
  const [state, setState] = useState<{ readonly creating: boolean; readonly error?: Error }>({ creating: false })
  const latest = useRef({ make, created })
  latest.current = { make, created }
  const create = useCallback(
    (input: Input) => {
      setState({ creating: true })
      latest.current.make(client, input).then(
        (id) => latest.current.created(id),
        (error: unknown) => setState({ creating: false, error: error as Error }),
      )
    },
    [client],
  )
  return { ...state, create }
}
