import type { Job } from '@headway/protocol'

/** Whether a job is over. */
export function isTerminal({ status }: Pick<Job, 'status'>): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
