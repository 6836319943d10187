import type { Database } from '@headway/sqlite'
import { eventLine } from '@headway/store-kit/rules'
import type { LifecycleEvent, Segment } from '@headway/store-kit/rules'

/** Seqs and row ids share one 64-bit id: see schema/migrations.ts. */
export const MAX_SEQ = 2 ** 32 - 1

/** Writes to jobs' logs. */
export interface LogWriter {
  write(job: number, segment: Segment): void
  /** Writes one lifecycle event as the job's event `seq`. */
  lifecycle(job: number, seq: number, now: number, event: LifecycleEvent): void
}

export function prepareLog(db: Database): LogWriter {
  const insert = db.prepare('insert into segments (id, first, lines) values ((? << 32) | ?, ?, ?)')
  // All events of a transaction have one time, and its text is made once.
  let time = 0
  let text = new Date(time).toISOString()
  return {
    write: (job, segment) => void insert.run(job, segment.last, segment.first, segment.lines),
    lifecycle(job, seq, now, event) {
      if (now !== time) {
        time = now
        text = new Date(now).toISOString()
      }
      insert.run(job, seq, seq, eventLine(seq, text, event))
    },
  }
}
