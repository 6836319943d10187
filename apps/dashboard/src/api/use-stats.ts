import type { Stats } from '@headway/protocol'
import { useCallback } from 'react'
import { usePolled } from './use-polled.js'
import type { Polled } from './use-polled.js'
import { useHeadway } from '@headway/client/react'
import { readStats } from './routes.js'

/** In milliseconds. */
const EVERY_MS = 2000

/** The server's figures, every two seconds while the page is visible. */
export function useStats(): Polled<Stats> {
  const client = useHeadway()
  return usePolled(
    useCallback((signal: AbortSignal) => readStats(client, signal), [client]),
    EVERY_MS,
  )
}
