import type { Stores } from '../stores.js'
import type { JobRecord, JobWithLog, StoreTransfer } from '../transfer.js'
import { CopyError } from './copy-error.js'
import { logPages } from './log-hash.js'

/** Jobs that are written together, at most. */
const JOBS_PER_WRITE = 100

/** How many logs are read at a time. */
const LOGS_AT_A_TIME = 16

/** So much of a log goes with its job; what follows goes by itself, so that many long logs are never in memory together. In bytes. */
const FIRST_BYTES = 64 * 1024
const FIRST_EVENTS = 1000

/**
 * Copies all jobs with their logs.
 *
 * @param copied is told how many jobs have arrived
 * @throws CopyError `in_use` when a job changes meanwhile
 */
export async function copyJobs(from: Stores, source: StoreTransfer, target: StoreTransfer, copied: (jobs: number) => void): Promise<void> {
  let done = 0
  for await (const page of source.jobs()) {
    for (let at = 0; at < page.length; at += JOBS_PER_WRITE) {
      const some = await withBeginnings(from, page.slice(at, at + JOBS_PER_WRITE))
      await target.putJobs(some)
      for (const { record, events } of some) {
        const after = events.at(-1)?.seq ?? 0
        if (after === record.job.head) continue
        for await (const rest of logPages(from.jobs, record.job.id, after)) await target.putEvents(record.job.id, rest)
      }
      done += some.length
      copied(done)
    }
  }
}

async function withBeginnings(from: Stores, records: readonly JobRecord[]): Promise<JobWithLog[]> {
  const some: JobWithLog[] = []
  for (let at = 0; at < records.length; at += LOGS_AT_A_TIME) {
    some.push(...(await Promise.all(records.slice(at, at + LOGS_AT_A_TIME).map((record) => withBeginning(from, record)))))
  }
  return some
}

async function withBeginning(from: Stores, record: JobRecord): Promise<JobWithLog> {
  const { id, head } = record.job
  const page = await from.jobs.read(id, { after: 0, maxEvents: FIRST_EVENTS, maxBytes: FIRST_BYTES })
  if (page?.head !== head) {
    throw new CopyError('in_use', `Job ${id} changed while it was copied: a server uses the source. Stop all of its servers first.`)
  }
  return { record, events: page.events }
}
