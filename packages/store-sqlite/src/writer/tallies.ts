import type { JobStatus, TerminalStatus } from '@headway/protocol'
import type { Database } from '@headway/sqlite'
import { prepareMinutes } from './minutes.js'

/**
 * How many jobs there are of each type and status, and were before they were pruned, and how many began and ended in each minute; kept with
 * every change so that nobody counts rows.
 */
export interface Tallies {
  /** Counts a job that was made, or came to its end, in the minute of `at`. */
  countInMinute(what: 'created' | TerminalStatus, at: number): void
  change(type: string, status: JobStatus, by: number): void
  /** A job of this status goes for good. */
  pruned(type: string, status: JobStatus): void
  /** Writes the changes of this transaction. */
  flush(): void
  /** Forgets them, after a rollback. */
  drop(): void
}

interface Change {
  jobs: number
  pruned: number
}

export function prepareTallies(db: Database): Tallies {
  const add = db.prepare(
    `insert into tallies (type, status, jobs, pruned) values (?, ?, ?, ?)
     on conflict (type, status) do update set jobs = jobs + excluded.jobs, pruned = pruned + excluded.pruned`,
  )
  const minutes = prepareMinutes(db)
  let changes = new Map<string, Map<JobStatus, Change>>()
  const changeOf = (type: string, status: JobStatus): Change => {
    let ofType = changes.get(type)
    if (ofType === undefined) changes.set(type, (ofType = new Map()))
    let change = ofType.get(status)
    if (change === undefined) ofType.set(status, (change = { jobs: 0, pruned: 0 }))
    return change
  }
  return {
    countInMinute: (what, at) => minutes.add(what, at),
    change(type, status, by) {
      changeOf(type, status).jobs += by
    },
    pruned(type, status) {
      const change = changeOf(type, status)
      change.jobs -= 1
      change.pruned += 1
    },
    flush() {
      minutes.flush()
      for (const [type, ofType] of changes) {
        for (const [status, { jobs, pruned }] of ofType) if (jobs !== 0 || pruned !== 0) add.run(type, status, jobs, pruned)
      }
      changes = new Map()
    },
    drop() {
      minutes.drop()
      changes = new Map()
    },
  }
}
