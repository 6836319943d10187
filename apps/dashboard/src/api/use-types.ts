import type { HeadwayClient } from '@headway/client'
import type { JobTypeInfo } from '@headway/protocol'
import { useCallback } from 'react'
import { usePolled } from './use-polled.js'
import type { Polled } from './use-polled.js'
import { useHeadway } from '@headway/client/react'
import { readTypes } from './routes.js'

/** How long an answer is good for other parts of the page, in milliseconds. */
const KEPT_MS = 60_000

interface Kept {
  readonly at: number
  readonly types: readonly JobTypeInfo[]
}
const kept = new WeakMap<HeadwayClient, Kept>()

/** The job types that can be created now. Asked for once by each part of the page: they change with a restart of the server. */
export function useTypes(): Polled<readonly JobTypeInfo[]> {
  const client = useHeadway()
  return usePolled(
    useCallback((signal: AbortSignal) => typesOf(client, signal), [client]),
    Infinity,
  )
}

async function typesOf(client: HeadwayClient, signal: AbortSignal): Promise<readonly JobTypeInfo[]> {
  const known = kept.get(client)
  if (known !== undefined && performance.now() - known.at < KEPT_MS) return known.types
  const types = await readTypes(client, signal)
  kept.set(client, { at: performance.now(), types })
  return types
}
