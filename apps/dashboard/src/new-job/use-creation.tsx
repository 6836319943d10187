import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useCallback, useEffect, useRef, useState } from 'react'
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
 * @param created is called with it, where the form is still there; who went elsewhere gets a notification
 */
export function useCreation<Input>(
  make: (client: HeadwayClient, input: Input) => Promise<string>,
  created: (id: string) => void,
): Creation<Input> {
  const client = useHeadway()
  const [state, setState] = useState<{ readonly creating: boolean; readonly error?: Error }>({ creating: false })
  const latest = useRef({ make, created })
  latest.current = { make, created }
  const isThere = useRef(true)
  useEffect(() => {
    isThere.current = true
    return () => {
      isThere.current = false
    }
  }, [])
  const create = useCallback(
    (input: Input) => {
      setState({ creating: true })
      latest.current.make(client, input).then(
        (id) => {
          if (isThere.current) latest.current.created(id)
          else tellOfJob(id)
        },
        (error: Error) => {
          setState({ creating: false, error })
          if (!isThere.current) notifications.show({ color: 'red', title: 'The job was not created', message: error.message })
        },
      )
    },
    [client],
  )
  return { ...state, create }
}

function tellOfJob(id: string): void {
  const link = (
    <Anchor href={`#/jobs/${id}`} size="sm">
      Go to it
    </Anchor>
  )
  notifications.show({ title: 'The job was created', message: link })
}
