import type { Effect } from '@headway/store-kit/rules'
import type { JobRows, Row } from './job-rows.js'
import type { LogWriter } from './log.js'

/** Does to a job what a rule says. @param head of the log, where it is not the row's */
export type Apply = (row: Row, effect: Effect, now: number, head?: number) => void

export function prepareApply(jobs: JobRows, log: LogWriter): Apply {
  return (row, { changes, events, output }, now, from = row.head) => {
    let head = from
    for (const event of events) log.lifecycle(row.id, ++head, now, event)
    jobs.change(row, head === row.head ? changes : { ...changes, head }, output)
  }
}
