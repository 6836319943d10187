import { isTerminal } from '@headway/protocol'
import type { JobStatus } from '@headway/protocol'
import type { Database } from '../driver.js'
import type { ReadAnswer, ReadArgs, Segment } from '../messages.js'
import { createPageBuilder } from './page-builder.js'

/** How much of a log one call looks through for events of some types. In bytes. */
const MAX_SCAN_BYTES = 4 * 1024 * 1024

/** Reads pieces of logs. The caller holds a read transaction: all is of one snapshot. */
export function prepareReadPage(db: Database): (args: ReadArgs) => ReadAnswer | null {
  const job = db.prepare<{ id: number; head: number; status: JobStatus }>('select id, head, status from jobs where uuid = ?')
  const segments = db.prepare<Segment>(
    `select id & 0xffffffff as last, first, lines from segments where id > ((?1 << 32) | ?2) and id < ((?1 + 1) << 32) order by id`,
  )
  return (args) => {
    const row = job.get(args.id)
    if (row === undefined) return null
    const { id, head, status } = row
    const page = createPageBuilder(args)
    let scanned = 0
    if (args.after < head) {
      for (const segment of segments.iterate(id, args.after)) {
        scanned += segment.lines.length
        if (!page.add(segment) || scanned >= MAX_SCAN_BYTES) break
      }
    }
    return { lines: page.lines(), next: page.next(), head, closed: isTerminal(status) }
  }
}
