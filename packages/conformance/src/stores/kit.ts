import { LogEvent } from '@headway/core'
import type { Append, AppendResult, Claim, JobStore, NewJob, StoredJob, SweepOptions } from '@headway/core'
import type { JobId, Json } from '@headway/protocol'
import { randomUUID } from 'node:crypto'

/** How long leases last in these tests: longer than any test takes, so that only `advance` ends one. In milliseconds. */
export const LEASE_MS = 600_000

/** A job type that no other test uses. */
export function uniqueType(): string {
  return `type-${randomUUID().slice(0, 8)}`
}

export function newJob(type: string, members: Partial<NewJob> = {}): NewJob {
  return { id: randomUUID(), type, input: { from: 'a test' }, ...members }
}

/** Makes one job and gives it back. */
export async function createJob(jobs: JobStore, type: string, members: Partial<NewJob> = {}): Promise<StoredJob> {
  const [created] = await jobs.create([newJob(type, members)])
  if (created?.created !== true) throw new Error('The job was not created.')
  return created.job
}

/** Claims the next job of a type, or throws. */
export async function claimOne(jobs: JobStore, type: string, worker = 'worker-1'): Promise<Claim> {
  const [claim] = await jobs.claim(worker, [{ type, limit: 1 }], LEASE_MS)
  if (claim === undefined) throw new Error(`There was no ${type} to claim.`)
  return claim
}

/** Makes a job and claims it. */
export async function runningJob(jobs: JobStore, members: Partial<NewJob> = {}, worker = 'worker-1'): Promise<Claim> {
  const type = uniqueType()
  await createJob(jobs, type, members)
  return claimOne(jobs, type, worker)
}

/** Events with the seqs after `base`; each with its own data. */
export function eventsAfter(base: number, ...types: readonly string[]): LogEvent[] {
  return types.map((type, index) => event(base + 1 + index, type, { number: base + 1 + index }))
}

export function event(seq: number, type: string, data: Json = {}): LogEvent {
  return LogEvent.encode(seq, Date.now(), type, JSON.stringify(data))
}

/** An append of events of these types at the job's head as it was when it was claimed, unless `members` says otherwise. */
export function appendOf(claim: Claim, types: readonly string[], members: Partial<Append> = {}): Append {
  const base = members.base ?? claim.job.head
  return { lease: claim.lease, base, batchId: randomUUID(), events: eventsAfter(base, ...types), ...members }
}

export async function append(jobs: JobStore, one: Append): Promise<AppendResult> {
  const [result] = await jobs.append([one])
  if (result === undefined) throw new Error('The append has no result.')
  return result
}

/** Ends a claimed job, from its head as it was when it was claimed. */
export async function complete(jobs: JobStore, claim: Claim): Promise<void> {
  const result = await append(jobs, appendOf(claim, ['completed'], { state: { status: 'completed' } }))
  if (!result.ok) throw new Error(`The job could not be completed: ${result.code}.`)
}

/** Makes a job and runs it to its end. */
export async function finishedJob(jobs: JobStore, type: string, members: Partial<NewJob> = {}): Promise<StoredJob> {
  const { id } = await createJob(jobs, type, members)
  await complete(jobs, await claimOne(jobs, type))
  return existing(jobs, id)
}

export async function existing(jobs: JobStore, id: JobId): Promise<StoredJob> {
  const job = await jobs.get(id)
  if (job === undefined) throw new Error(`There is no job ${id}.`)
  return job
}

/** The whole log. */
export async function logOf(jobs: JobStore, id: JobId): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = []
  for (let after = 0; ;) {
    const page = await jobs.read(id, { after, maxEvents: 1000, maxBytes: 1024 * 1024 })
    if (page === undefined) throw new Error(`There is no job ${id}.`)
    events.push(...page.events)
    if (page.next >= page.head) return events
    after = page.next
  }
}

export async function typesOf(jobs: JobStore, id: JobId): Promise<readonly string[]> {
  return (await logOf(jobs, id)).map(({ type }) => type)
}

/** A sweep that keeps everything that is finished, unless `options` says otherwise. */
export function sweepOf(options: Partial<SweepOptions> = {}): SweepOptions {
  return { limit: 1000, retention: { default: {} }, watched: [], watchedGraceMs: 0, ...options }
}
