import { observeJobs } from '../observe/observe-jobs.js'
import type { ObservedJobs } from '../observe/observe-jobs.js'
import type { JobListQuery } from '../types.js'
import { useHeadway } from './context.js'
import { useStore } from './use-store.js'

/** A page of jobs, kept as it is: asked for again when jobs have changed, and every 15 seconds while the page is seen. */
export function useJobs(query: JobListQuery = {}): ObservedJobs {
  return useStore(observeJobs(useHeadway(), query))
}
