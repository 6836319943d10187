import type { JobStatus } from '@headway/protocol'
import type { Database } from '../driver.js'

/** How many jobs there are of each type and status, kept with every change so that nobody counts rows. */
export interface Tallies {
  change(type: string, status: JobStatus, by: number): void
  /** Writes the changes of this transaction. */
  flush(): void
  /** Forgets them, after a rollback. */
  drop(): void
}

export function prepareTallies(db: Database): Tallies {
  const add = db.prepare(
    'insert into tallies (type, status, jobs) values (?, ?, ?) on conflict (type, status) do update set jobs = jobs + excluded.jobs',
  )
  let changes = new Map<string, Map<JobStatus, number>>()
  return {
    change(type, status, by) {
      let ofType = changes.get(type)
      if (ofType === undefined) changes.set(type, (ofType = new Map()))
      ofType.set(status, (ofType.get(status) ?? 0) + by)
    },
    flush() {
      for (const [type, ofType] of changes) for (const [status, by] of ofType) if (by !== 0) add.run(type, status, by)
      changes = new Map()
    },
    drop() {
      changes = new Map()
    },
  }
}
