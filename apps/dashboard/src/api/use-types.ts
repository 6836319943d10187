import type { JobTypeInfo } from '@headway/protocol'
import { useCallback } from 'react'
import { usePolled } from './use-polled.js'
import type { Polled } from './use-polled.js'
import { useServer } from './use-server.js'

/** The job types that can be created now. Asked for once: they change with a restart of the server. */
export function useTypes(): Polled<readonly JobTypeInfo[]> {
  const server = useServer()
  return usePolled(
    useCallback(async (signal: AbortSignal) => (await server.types(signal)).types, [server]),
    Infinity,
  )
}
