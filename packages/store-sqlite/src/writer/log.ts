import type { LifecycleEventType } from '@headway/protocol'
import type { Database } from '../driver.js'
import type { Segment } from '../messages.js'

/** Seqs and row ids share one 64-bit id: see schema/migrations.ts. */
export const MAX_SEQ = 2 ** 32 - 1

/** Writes to jobs' logs. */
export interface LogWriter {
  write(job: number, segment: Segment): void
  /** Writes one lifecycle event as the job's event `seq`. */
  lifecycle(job: number, seq: number, now: number, type: LifecycleEventType, data: string): void
}

export function prepareLog(db: Database): LogWriter {
  const insert = db.prepare('insert into segments (id, first, lines) values ((? << 32) | ?, ?, ?)')
  return {
    write: (job, segment) => void insert.run(job, segment.last, segment.first, segment.lines),
    lifecycle: (job, seq, now, type, data) => void insert.run(job, seq, seq, eventLine(seq, now, type, data)),
  }
}

/** The line that `LogEvent.encode` of the engine makes; a test compares them. */
function eventLine(seq: number, now: number, type: LifecycleEventType, data: string): string {
  return `{"seq":${seq},"at":"${new Date(now).toISOString()}","type":"${type}","data":${data}}`
}
