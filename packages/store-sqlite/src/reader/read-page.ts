import type { Database } from '@headway/sqlite'
import { createPageBuilder } from '@headway/store-kit/rules'
import type { ReadArgs } from '@headway/store-kit/rules'
import type { ReadAnswer } from '../messages.js'

/** How much of a log one call looks through for events of some types. In bytes. */
const MAX_SCAN_BYTES = 4 * 1024 * 1024

/** How much of a log is searched for types at a time. In bytes. */
const SCAN_STEP_BYTES = 256 * 1024

/** How many rows are put together at a time, at most: as many as would fit if all were like the first. */
const MAX_JOINED_ROWS = 512

const SEGMENT_COLUMNS = 'id & 0xffffffff as last, first, lines'

/** Reads pieces of logs. The caller holds a read transaction: all is of one snapshot. */
export function prepareReadPage(db: Database): (args: ReadArgs) => ReadAnswer | null {
  const job = db.prepareTuples<readonly [id: number, head: number, closed: number]>(
    'select id, head, finished_at is not null from jobs where uuid = ?',
  )
  const next = db.prepareTuples<readonly [last: number, first: number, lines: string]>(
    `select ${SEGMENT_COLUMNS} from segments where id > ((?1 << 32) | ?2) and id < ((?1 + 1) << 32) order by id limit 1`,
  )
  // A log may be thousands of small rows: SQLite finds how many of them fit and joins them, which costs far less than row by row.
  const fitting = db.prepareTuples<readonly [last: number | null]>(
    `select max(last) as last from (
       select id & 0xffffffff as last, sum(octet_length(lines) + 1) over (order by id rows unbounded preceding) as bytes
       from segments where id > ((?1 << 32) | ?2) and id <= ((?1 << 32) | ?3) order by id limit ?5
     ) where bytes <= ?4`,
  )
  const joined = db.prepareTuples<readonly [lines: string]>(
    `select group_concat(lines, char(10)) as lines from segments where id > ((?1 << 32) | ?2) and id <= ((?1 << 32) | ?3)`,
  )

  return (args) => {
    const row = job.get(args.id)
    if (row === undefined) return null
    const [id, head, closed] = row
    const page = createPageBuilder(args)
    let scanned = 0
    while (page.next() < head && scanned < MAX_SCAN_BYTES) {
      // The cursor may lie inside of a row, and a row may be larger than the page.
      const begin = next.get(id, page.next())
      if (begin === undefined) break
      const [beginLast, first, beginLines] = begin
      if (!page.add({ first, last: beginLast, lines: beginLines })) break
      scanned += beginLines.length
      const room = args.types === null ? page.room() : { events: head, bytes: SCAN_STEP_BYTES }
      const rows = Math.min(MAX_JOINED_ROWS, Math.ceil(room.bytes / beginLines.length))
      const [last] = fitting.get(id, beginLast, Math.min(beginLast + room.events, head), room.bytes, rows) ?? [null]
      if (last === null) continue
      const [lines] = joined.get(id, beginLast, last) ?? ['']
      if (!page.add({ first: beginLast + 1, last, lines })) break
      scanned += lines.length
    }
    return { lines: page.lines(), next: page.next(), head, closed: closed === 1 }
  }
}
