import type { StoredJob } from '@headway/core'
import type { Job } from '@headway/protocol'

/** What of a job the native API shows. */
export function publicJob(job: StoredJob): Job {
  const { definition: _definition, ...shown } = job
  return shown
}
