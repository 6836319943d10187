import type { Database } from '@headway/sqlite'

/** How much of pruned logs one sweep removes: other operations wait meanwhile. */
const MAX_ROWS = 2_000
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Logs of pruned jobs. A log can be gigabytes, so a pruned job's row goes at once, and with it all that anybody can see;
 * its log goes piece by piece.
 */
export interface Garbage {
  add(job: number): void
  /** Removes a bounded piece. True: there is more. */
  collect(): boolean
}

export function prepareGarbage(db: Database): Garbage {
  const add = db.prepare('insert into garbage (job) values (?)')
  const next = db.prepare<{ job: number }>('select job from garbage limit 1')
  const done = db.prepare('delete from garbage where job = ?')
  const piece = db.prepare<{ rows: number; bytes: number | null; last: number | null }>(
    `select count(*) as rows, max(bytes) as bytes, max(seq) as last from (
       select id & 0xffffffff as seq, sum(octet_length(lines)) over (order by id rows unbounded preceding) as bytes
       from segments where id > (?1 << 32) and id < ((?1 + 1) << 32) order by id limit ?2
     ) where bytes <= ?3`,
  )
  const any = db.prepare<{ found: 1 }>('select 1 as found from segments where id > (?1 << 32) and id < ((?1 + 1) << 32) limit 1')
  const remove = db.prepare('delete from segments where id > (?1 << 32) and id <= ((?1 << 32) | ?2)')
  return {
    add: (job) => void add.run(job),
    collect() {
      let rows = MAX_ROWS
      let bytes = MAX_BYTES
      for (let job = next.get()?.job; job !== undefined; job = next.get()?.job) {
        const { rows: found = 0, bytes: size = 0, last = null } = piece.get(job, rows, bytes) ?? {}
        if (last !== null) remove.run(job, last)
        rows -= found
        bytes -= size ?? 0
        if (any.get(job) !== undefined) return true
        done.run(job)
        if (rows <= 0) return next.get() !== undefined
      }
      return false
    },
  }
}
