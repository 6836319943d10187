import type { Database } from '@headway/sqlite'
import { prepareJobRows } from './job-rows.js'
import type { JobRows } from './job-rows.js'
import { prepareLog } from './log.js'
import type { LogWriter } from './log.js'
import { prepareKeyQueue } from './queue.js'
import type { KeyQueue } from './queue.js'
import { prepareTallies } from './tallies.js'
import type { Tallies } from './tallies.js'

/** What every operation of the writer works with. */
export interface Tools {
  readonly db: Database
  readonly jobs: JobRows
  readonly keys: KeyQueue
  readonly log: LogWriter
  readonly tallies: Tallies
}

export function prepareTools(db: Database): Tools {
  const tallies = prepareTallies(db)
  const keys = prepareKeyQueue(db)
  return { db, tallies, keys, log: prepareLog(db), jobs: prepareJobRows(db, keys, tallies) }
}
