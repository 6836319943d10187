import type { JobStatus } from '@headway/protocol'

/** All statuses, as one reads them. Written again here, since what protocol exports brings its schemas into the page. */
export const STATUSES = ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const satisfies readonly JobStatus[]

/** Whether a job of this status is over: it changes no more. */
export function isOver(status: JobStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
