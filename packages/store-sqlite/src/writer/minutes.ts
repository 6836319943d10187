import type { MinuteFigures } from '@headway/core'
import type { TerminalStatus } from '@headway/protocol'
import type { Database } from '@headway/sqlite'

export const MINUTE_MS = 60_000

/** A day: for longer than they are told (`STATS_MINUTES`), as the clock may be set. */
const KEPT_MS = 24 * 60 * MINUTE_MS

type Counts = Record<keyof Omit<MinuteFigures, 'at'>, number>

/** How many jobs began and ended in each minute, a row for each. */
export interface Minutes {
  add(what: 'created' | TerminalStatus, at: number): void
  /** Writes what was added in this transaction. */
  flush(): void
  /** Forgets it, after a rollback. */
  drop(): void
}

export function prepareMinutes(db: Database): Minutes {
  const add = db.prepare<{ created: number }>(
    `insert into minutes (at, created, completed, failed, cancelled) values (?, ?, ?, ?, ?)
     on conflict (at) do update set created = created + excluded.created, completed = completed + excluded.completed,
       failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled`,
  )
  const forget = db.prepare('delete from minutes where at < ?')
  let added = new Map<number, Counts>()
  let newest = 0
  return {
    add(what, time) {
      const at = time - (time % MINUTE_MS)
      let counts = added.get(at)
      if (counts === undefined) added.set(at, (counts = { created: 0, completed: 0, failed: 0, cancelled: 0 }))
      counts[what] += 1
    },
    flush() {
      if (added.size === 0) return
      for (const [at, { created, completed, failed, cancelled }] of added) {
        add.run(at, created, completed, failed, cancelled)
        if (at > newest) {
          newest = at
          forget.run(at - KEPT_MS)
        }
      }
      added = new Map()
    },
    drop() {
      added = new Map()
    },
  }
}
