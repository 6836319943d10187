import { useMemo } from 'react'
import type { Job, JobId } from '@headway/protocol'
import { observeJob } from '../observe/observe-job.js'
import type { ObservedJob } from '../observe/observe-job.js'
import { useHeadway } from './context.js'
import { useStore } from './use-store.js'

/** A job as it is now, and what can be asked of it. These reject with a HeadwayClientError. */
export interface UseJob extends ObservedJob {
  readonly cancel: (reason?: string) => Promise<Job>
  readonly pause: (reason?: string) => Promise<Job>
  readonly resume: (reason?: string) => Promise<Job>
}

/**
 * A job, kept as it is by its events.
 *
 * @param options `token`: the job's, where the client has no credential that covers it
 */
export function useJob(id: JobId, { token }: { readonly token?: string } = {}): UseJob {
  const client = useHeadway()
  const observed = useStore(observeJob(client, id, token))
  const controls = useMemo(() => {
    const options = { ...(token !== undefined && { token }) }
    return {
      cancel: (reason?: string) => client.jobs.cancel(id, reason, options),
      pause: (reason?: string) => client.jobs.pause(id, reason, options),
      resume: (reason?: string) => client.jobs.resume(id, reason, options),
    }
  }, [client, id, token])
  return useMemo(() => ({ ...observed, ...controls }), [observed, controls])
}
