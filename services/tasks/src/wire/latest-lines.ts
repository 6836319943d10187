import type { Engine } from '@headway/core'
import { seqSchema } from '@headway/protocol'
import type { JobId, Seq } from '@headway/protocol'
import type { z } from 'zod'
import { LINE_EVENT, lineSchema, logEntrySchema } from '../runner/task-events.js'

/** A line with its place in the task's log, for `logsAfter`. */
export const numberedLineSchema = logEntrySchema.extend({ seq: seqSchema })
type NumberedLine = z.infer<typeof numberedLineSchema>

export interface LinesPage {
  readonly lines: readonly NumberedLine[]
  /** What `logsAfter` asks for the lines after these. */
  readonly next: Seq
}

/** How much of a log is read at a time, in bytes. */
const PAGE_BYTES = 1024 * 1024

/** How far back the latest lines are looked for, in events: a task that only makes progress adds four a second. */
const MAX_LOOKED_BACK = 4096

/** The lines of a task after a cursor, oldest first. @param limit at most so many; a page of long lines has fewer */
export async function linesAfter(engine: Engine, id: JobId, after: Seq, limit: number): Promise<LinesPage> {
  const page = await engine.read(id, { after, types: [LINE_EVENT], maxEvents: limit, maxBytes: PAGE_BYTES })
  return { lines: page.events.map(({ seq, at, data }) => ({ seq, timestamp: at, ...lineSchema.parse(data) })), next: page.next }
}

/**
 * The latest lines of a task. Most events of a log are lines, so it is read from a little before its end, and from further back if need be.
 * Lines before the last 4,096 events are left to `linesAfter`.
 */
export async function latestLines(engine: Engine, id: JobId, head: Seq, limit: number): Promise<LinesPage> {
  for (let span = limit * 2; ; span *= 8) {
    const start = Math.max(0, head - Math.min(span, MAX_LOOKED_BACK))
    let found: NumberedLine[] = []
    let next = start
    do {
      const page = await linesAfter(engine, id, next, limit)
      found = [...found, ...page.lines].slice(-limit)
      if (page.next === next) break
      next = page.next
    } while (next < head)
    if (found.length === limit || start === 0 || span >= MAX_LOOKED_BACK) return { lines: found, next }
  }
}
