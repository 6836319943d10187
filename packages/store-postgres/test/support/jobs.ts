import { LogEvent } from '@headway/core'
import type { Append, Claim, JobStore, NewJob } from '@headway/core'
import { randomUUID } from 'node:crypto'

/** Longer than any test takes, in milliseconds. */
const LONG_LEASE_MS = 600_000

export function newJob(members: Partial<NewJob> = {}): NewJob {
  return { id: randomUUID(), type: `test-${randomUUID().slice(0, 8)}`, input: null, ...members }
}

/** Makes a job of a type of its own, and claims it. */
export async function runningJob(jobs: JobStore, members: Partial<NewJob> = {}): Promise<Claim> {
  const job = newJob(members)
  await jobs.create([job])
  const [claim] = await jobs.claim('worker', [{ type: job.type, limit: 1 }], LONG_LEASE_MS)
  if (claim === undefined) throw new Error('The job was not claimed.')
  return claim
}

/** An append of `count` events with `text` at `base`. */
export function appendOf({ lease }: Claim, base: number, count: number, text = ''): Append {
  const data = JSON.stringify({ text })
  const events = Array.from({ length: count }, (_, index) => LogEvent.encode(base + 1 + index, Date.now(), 'work', data))
  return { lease, base, batchId: randomUUID(), events }
}
