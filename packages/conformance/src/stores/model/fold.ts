import type { JobEvent, JobStatus } from '@headway/protocol'

/** The status that a log tells: every status is a fold over the log. Throws where the log tells nonsense. */
export function statusOf(log: readonly JobEvent[]): JobStatus {
  let status: JobStatus | undefined
  let owned = false
  for (const [index, { seq, type }] of log.entries()) {
    if (seq !== index + 1) throw new Error(`Event ${index + 1} of the log has seq ${seq}.`)
    if ((type === 'created') !== (index === 0)) throw new Error(`Event ${seq} is ${type}.`)
    if (status === 'completed' || status === 'failed' || status === 'cancelled') throw new Error(`${type} follows ${status}.`)
    if (type === 'created') status = 'queued'
    else if (type === 'claimed') {
      if (owned || status !== 'queued') throw new Error(`The job was claimed while it was ${status}.`)
      owned = true
      status = 'running'
    } else if (type === 'released' || type === 'recovered') {
      if (!owned) throw new Error(`${type} without an owner.`)
      owned = false
      if (type === 'released' || status !== 'paused') status = 'queued'
    } else if (type === 'paused') status = 'paused'
    else if (type === 'resumed') status = owned ? 'running' : 'queued'
    else if (type === 'completed' || type === 'failed' || type === 'cancelled') status = type
  }
  if (status === undefined) throw new Error('The log is empty.')
  return status
}
