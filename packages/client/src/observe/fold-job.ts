import type { Job } from '@headway/protocol'
import type { FollowedEvent } from '../types.js'

/** A job after an event of its log. One that it has already changes nothing. */
export function foldJob(job: Job, event: FollowedEvent): Job {
  if (event.type === 'reset' || event.seq <= job.head) return job
  const { seq: head, at } = event
  const { request, ...rest } = { ...job, head }
  const asked = request && { request }
  switch (event.type) {
    case 'claimed': {
      const { attempt, recoveries } = event.data
      return { ...rest, ...asked, status: 'running', attempt, recoveries, startedAt: job.startedAt ?? at }
    }
    case 'released':
      return { ...rest, ...asked, status: 'queued', runAt: event.data.runAt }
    case 'recovered': {
      const { recoveries, runAt } = event.data
      return { ...rest, ...asked, status: job.status === 'paused' ? 'paused' : 'queued', recoveries, runAt }
    }
    case 'cancelling':
      return { ...rest, request: 'cancel' }
    case 'paused':
    case 'resumed': {
      // A cancel that was asked for stays; and a job that never began waits to begin.
      const status = event.type === 'paused' ? 'paused' : job.startedAt ? 'running' : 'queued'
      return { ...rest, ...(request === 'cancel' && asked), status }
    }
    case 'progress':
      return { ...rest, ...asked, progress: event.data }
    case 'completed':
      return { ...rest, status: 'completed', finishedAt: at, ...(event.data.result !== undefined && { result: event.data.result }) }
    case 'failed':
      return { ...rest, status: 'failed', finishedAt: at, error: event.data.error }
    case 'cancelled':
      return { ...rest, status: 'cancelled', finishedAt: at }
    case 'created':
    case 'log':
    default:
      return { ...rest, ...asked }
  }
}

/** Events after which the job is asked for: they do not tell whether a worker has it. */
export function isUnclear({ type }: FollowedEvent): boolean {
  return type === 'resumed' || type === 'released' || type === 'recovered'
}
