import type { JobRow } from './job-row.js'
import type { NewJobMessage } from './messages.js'

/** A new job as users see it. */
export function newJobRow(job: NewJobMessage, runAt: number, now: number): JobRow {
  const { id, type, input, definition, priority, key, parentId, retryOf } = job
  return [id, type, 'queued', input, definition, null, null, null, priority, 0, 0, 1, null, key, parentId, retryOf, now, runAt, null, null]
}

/** The data of the `created` event, as JSON text. */
export function createdData(job: NewJobMessage): string {
  const input = job.inputInEvent ? `,"input":${job.input}` : ''
  const retryOf = job.retryOf === null ? '' : `,"retryOf":${JSON.stringify(job.retryOf)}`
  return `{"type":${JSON.stringify(job.type)}${input}${retryOf}}`
}
