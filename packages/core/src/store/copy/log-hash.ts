import { createHash } from 'node:crypto'
import type { JobId, Seq } from '@headway/protocol'
import type { LogEvent } from '../../events/log-event.js'
import type { JobStore } from '../job-store.js'

const PAGE_EVENTS = 10_000
const PAGE_BYTES = 1024 * 1024

/** The log of a job after a cursor, page by page. Empty where there is no such job. */
export async function* logPages(jobs: JobStore, id: JobId, after: Seq = 0): AsyncGenerator<readonly LogEvent[]> {
  for (let cursor = after; ;) {
    const page = await jobs.read(id, { after: cursor, maxEvents: PAGE_EVENTS, maxBytes: PAGE_BYTES })
    if (page === undefined) return
    if (page.events.length > 0) yield page.events
    if (page.next >= page.head || page.next === cursor) return
    cursor = page.next
  }
}

export interface LogDigest {
  /** SHA-256 in hex over the lines of the log, each with a line feed. */
  readonly hash: string
  readonly events: number
  /** Without the line feeds. */
  readonly bytes: number
}

/** What tells one log from any other. */
export async function digestOf(jobs: JobStore, id: JobId): Promise<LogDigest> {
  const hash = createHash('sha256')
  let [events, bytes] = [0, 0]
  for await (const page of logPages(jobs, id)) {
    for (const event of page) {
      hash.update(event.line).update('\n')
      bytes += event.bytes
    }
    events += page.length
  }
  return { hash: hash.digest('hex'), events, bytes }
}
