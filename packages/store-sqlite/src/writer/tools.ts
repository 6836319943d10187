import type { Database } from '@headway/sqlite'
import { prepareApply } from './apply.js'
import type { Apply } from './apply.js'
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
  readonly apply: Apply
}

export function prepareTools(db: Database): Tools {
  const tallies = prepareTallies(db)
  const keys = prepareKeyQueue(db)
  const log = prepareLog(db)
  const jobs = prepareJobRows(db, keys, tallies)
  return { db, tallies, keys, log, jobs, apply: prepareApply(jobs, log) }
}
