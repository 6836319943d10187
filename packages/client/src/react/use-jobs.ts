import { useMemo, useState } from 'react'
import { observeJobs } from '../observe/observe-jobs.js'
import type { ObservedJobs } from '../observe/observe-jobs.js'
import type { JobListQuery } from '../types.js'
import { useHeadway } from './context.js'
import { useStore } from './use-store.js'

/**
 * A page of jobs, kept as it is: asked for again when jobs have changed, and every 15 seconds while the page is seen. While the jobs of
 * another query are asked for, those of the one before stay, with `loading`.
 */
export function useJobs(query: JobListQuery = {}): ObservedJobs {
  const client = useHeadway()
  const now = useStore(observeJobs(client, query))
  const [kept, keep] = useState({ client, page: now })
  // While it renders: an effect would first show nothing.
  if (now.jobs && kept.page !== now) keep({ client, page: now })
  const { jobs, nextCursor } = kept.page
  const isBetween = now.loading && kept.client === client
  return useMemo(() => (isBetween ? { ...now, jobs, nextCursor } : now), [isBetween, now, jobs, nextCursor])
}
