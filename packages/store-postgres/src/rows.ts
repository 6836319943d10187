import { toJob } from '@headway/store-kit'
import type { JobRow, JobState } from '@headway/store-kit/rules'
import type { StoredJob } from '@headway/core'

/** What users see of a job, by the columns' names. */
export interface ViewRow {
  readonly uuid: JobRow[0]
  readonly type: JobRow[1]
  readonly status: JobRow[2]
  readonly input: JobRow[3]
  readonly definition: JobRow[4]
  readonly progress: JobRow[5]
  readonly result: JobRow[6]
  readonly error: JobRow[7]
  readonly priority: JobRow[8]
  readonly attempt: JobRow[9]
  readonly recoveries: JobRow[10]
  readonly head: JobRow[11]
  readonly request: JobRow[12]
  readonly key: JobRow[13]
  readonly parent: JobRow[14]
  readonly retry_of: JobRow[15]
  readonly created_at: JobRow[16]
  readonly run_at: JobRow[17]
  readonly started_at: JobRow[18]
  readonly finished_at: JobRow[19]
}

/** Selects a ViewRow of a job `j` and its details `d`. */
export const VIEW_COLUMNS = `j.uuid, j.type, j.status, d.input, d.definition, j.progress, j.result, j.error, j.priority, j.attempt, j.recoveries,
  j.head, j.request, j.key, j.parent, d.retry_of, j.created_at, j.run_at, j.started_at, j.finished_at`
export const VIEW_TABLES = `headway.jobs j ${detailsOf('j')}`

/**
 * Joins the details `d` of each job, looked up one by one: the limit keeps the planner from reading every partition whole, which it finds
 * cheaper than a look into each of them, as it can't know that only one is looked into.
 */
export function detailsOf(job: string): string {
  return `cross join lateral (select input, definition, retry_of from headway.details where id = ${job}.id limit 1) d`
}

export function jobOf(row: ViewRow): StoredJob {
  return toJob(rowOf(row))
}

/** The same in the order in which stores share it. */
export function rowOf(row: ViewRow): JobRow {
  return [
    ...([row.uuid, row.type, row.status, row.input, row.definition, row.progress, row.result, row.error] as const),
    ...([row.priority, row.attempt, row.recoveries, row.head, row.request, row.key, row.parent, row.retry_of] as const),
    ...([row.created_at, row.run_at, row.started_at, row.finished_at] as const),
  ]
}

/** The changing part of a job, with its internal id: as text, as it is more than a number holds. */
export interface LockedRow extends JobState {
  readonly id: string
}

/** Whether a text can be the id of a job: everything else has none, and PostgreSQL would refuse it. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
