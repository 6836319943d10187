import type { SeenReset } from './follow-job.js'

/** What to tell of a history that is gone. */
export function resetText({ reason, after }: SeenReset): string {
  return reason === 'ahead'
    ? `The log is shorter than it was (an older state of the store is back); it goes on after event ${after}.`
    : 'The log was removed by retention.'
}
