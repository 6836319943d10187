import type { Stats } from '@headway/protocol'
import { useCallback } from 'react'
import { usePolled } from './use-polled.js'
import type { Polled } from './use-polled.js'
import { useServer } from './use-server.js'

/** In milliseconds. */
const EVERY_MS = 2000

/** The server's figures, every two seconds while the page is visible. */
export function useStats(): Polled<Stats> {
  const server = useServer()
  return usePolled(
    useCallback((signal: AbortSignal) => server.stats(signal), [server]),
    EVERY_MS,
  )
}
