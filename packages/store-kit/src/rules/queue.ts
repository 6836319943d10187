/** Why a job does or does not wait: the values of `jobs.queue`. */
export const NOT_QUEUED = 0
/** It can be claimed, as far as was known when it was last looked at. */
export const READY = 1
/** It waits for its time. */
export const SCHEDULED = 2
/** Its concurrency key was at its limit. */
export const BLOCKED = 3
