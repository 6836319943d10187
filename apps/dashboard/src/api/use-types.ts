import type { JobTypeInfo } from '@headway/protocol'
import { useCallback } from 'react'
import { usePolled } from './use-polled.js'
import type { Polled } from './use-polled.js'
import { useHeadway } from '@headway/client/react'
import { readTypes } from './routes.js'

/** The job types that can be created now. Asked for once: they change with a restart of the server. */
export function useTypes(): Polled<readonly JobTypeInfo[]> {
  const client = useHeadway()
  return usePolled(
    useCallback((signal: AbortSignal) => readTypes(client, signal), [client]),
    Infinity,
  )
}
