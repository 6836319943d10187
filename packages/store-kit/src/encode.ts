import { HeadwayError } from '@headway/core'
import type { Append, LogEvent, NewJob } from '@headway/core'
import { MAX_EVENT_BYTES, isTerminal } from '@headway/protocol'
import type { Json } from '@headway/protocol'
import { isStorable } from './key-values.js'
import type { AppendMessage, NewJobMessage, Segment } from './rules/messages.js'

/** How much of a log is one row: a page that begins inside of one reads all of it. In UTF-16 units. */
const SEGMENT_LENGTH = 64 * 1024

/** The default of `NewJob.maxRecoveries`. */
const DEFAULT_MAX_RECOVERIES = 3

/** What the `created` event needs beside the input, at most. In bytes. */
const CREATED_OVERHEAD = 1024

/** @throws HeadwayError VALIDATION_ERROR when a key is not one that every database can hold */
export function encodeNewJob(job: NewJob): NewJobMessage {
  for (const key of [job.concurrencyKey, job.idempotency?.scope, job.idempotency?.key]) {
    if (key !== undefined && !isStorable(key)) throw new HeadwayError('VALIDATION_ERROR', 'A key of a job is Unicode text without NUL.')
  }
  const input = JSON.stringify(job.input)
  return {
    id: job.id,
    type: job.type,
    input,
    inputInEvent: Buffer.byteLength(input) + CREATED_OVERHEAD <= MAX_EVENT_BYTES,
    definition: jsonOrNull(job.definition),
    priority: job.priority ?? 0,
    runAt: job.runAt?.getTime() ?? null,
    key: job.concurrencyKey ?? null,
    keyLimit: job.concurrencyKey === undefined ? null : Math.max(1, job.keyLimit ?? 1),
    idempotency: job.idempotency ?? null,
    parentId: job.parentId ?? null,
    retryOf: job.retryOf ?? null,
    queueTimeoutMs: job.queueTimeoutMs ?? null,
    maxRecoveries: job.maxRecoveries ?? DEFAULT_MAX_RECOVERIES,
  }
}

/** @throws RangeError when the seqs of the events are not dense from `base + 1` */
export function encodeAppend({ lease, base, batchId, events, checkpoint, state, release }: Append): AppendMessage {
  return {
    jobId: lease.jobId,
    epoch: lease.epoch,
    worker: lease.worker,
    base,
    batchId,
    count: events.length,
    segments: segmentsOf(events, base),
    checkpoint: jsonOrNull(checkpoint),
    status: state?.status ?? null,
    ends: state?.status !== undefined && isTerminal(state.status),
    progress: jsonOrNull(state?.progress),
    result: jsonOrNull(state?.result),
    error: jsonOrNull(state?.error),
    fulfils: state?.fulfils ?? null,
    release: release === undefined ? null : { delay: Math.max(0, Math.round(release.delayMs)), attempt: release.attempt },
  }
}

/** About how much an append holds, in bytes. */
export function sizeOf({ events }: Append): number {
  let size = 256
  for (const event of events) size += event.line.length
  return size
}

/** Events as rows of a log. @throws RangeError when their seqs are not dense from `base + 1` */
export function segmentsOf(events: readonly LogEvent[], base: number): Segment[] {
  const segments: Segment[] = []
  let lines: string[] = []
  let length = 0
  let seq = base
  for (const event of events) {
    seq += 1
    if (event.seq !== seq) throw new RangeError(`The event after seq ${seq - 1} has seq ${event.seq}.`)
    if (lines.length > 0 && length + event.line.length > SEGMENT_LENGTH) {
      segments.push({ first: seq - lines.length, last: seq - 1, lines: lines.join('\n') })
      lines = []
      length = 0
    }
    lines.push(event.line)
    length += event.line.length
  }
  if (lines.length > 0) segments.push({ first: seq - lines.length + 1, last: seq, lines: lines.join('\n') })
  return segments
}

export function jsonOrNull(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
