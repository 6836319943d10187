import { canonicalJson } from '@headway/protocol'
import type { Hash } from 'node:crypto'
import type { JobCounts } from '../job-store.js'
import type { Stores } from '../stores.js'
import type { JobRecord, KeyValueRecord, StoreTransfer } from '../transfer.js'
import { CopyError } from './copy-error.js'
import { digestOf } from './log-hash.js'
import { each, groupsOf, sideBySide } from './side-by-side.js'
import { UNFINISHED_KEY } from './unfinished.js'

/** How many jobs are compared at a time. */
const JOBS_AT_A_TIME = 16

type Side = readonly [stores: Stores, transfer: StoreTransfer]

export interface ComparedJobs {
  readonly jobs: number
  readonly events: number
  readonly eventBytes: number
}

/**
 * Reads all jobs and logs of both stores.
 *
 * @param hash takes each job and its log's hash, in the order of their creation
 * @throws CopyError `not_alike` with the first difference
 */
export async function compareJobs(left: Side, right: Side, hash: Hash, compared: (jobs: number) => void): Promise<ComparedJobs> {
  let [jobs, events, eventBytes] = [0, 0, 0]
  const pairs = sideBySide(each(left[1].jobs()), each(right[1].jobs()))
  for await (const group of groupsOf(pairs, JOBS_AT_A_TIME)) {
    for (const one of await Promise.all(group.map(([a, b]) => compareJob(left[0], a, right[0], b)))) {
      hash.update(one.text)
      jobs += 1
      events += one.events
      eventBytes += one.bytes
    }
    compared(jobs)
  }
  return { jobs, events, eventBytes }
}

async function compareJob(
  left: Stores,
  a: JobRecord | undefined,
  right: Stores,
  b: JobRecord | undefined,
): Promise<{ readonly text: string; readonly events: number; readonly bytes: number }> {
  if (a === undefined || b === undefined) throw differs(`job ${(a ?? b)?.job.id} is on one side only`)
  const { id, head } = a.job
  if (id !== b.job.id) throw differs(`where the source has job ${id}, the target has ${b.job.id}`)
  const [record, other] = [canonicalJson(a), canonicalJson(b)]
  if (record !== other) throw differs(`job ${id} has another ${memberThatDiffers(a, b)}`)
  const [log, copy] = await Promise.all([digestOf(left.jobs, id), digestOf(right.jobs, id)])
  if (log.hash !== copy.hash) throw differs(`the log of job ${id} is another one`)
  if (log.events !== head) throw differs(`the log of job ${id} has ${log.events} events, its head is ${head}`)
  return { text: `${record}\n${log.hash}\n`, events: log.events, bytes: log.bytes }
}

function memberThatDiffers(a: JobRecord, b: JobRecord): string {
  const [left, right] = [membersOf(a), membersOf(b)]
  const names = new Set([...left.keys(), ...right.keys()])
  return [...names].filter((name) => left.get(name) !== right.get(name)).join(', ')
}

function membersOf({ job, ...rest }: JobRecord): ReadonlyMap<string, string> {
  return new Map(Object.entries({ ...job, ...rest }).map(([name, value]) => [name, canonicalJson(value)]))
}

/**
 * Compares all entries, by key, value, version and expiry. One that expired meanwhile may be gone on one side before the other.
 *
 * @returns how many there are
 * @throws CopyError `not_alike` with the first difference
 */
export async function compareKeyValues(left: Side, right: Side, hash: Hash): Promise<number> {
  const [a, b] = [lasting(left[1].keyValues()), lasting(right[1].keyValues())]
  const alone: KeyValueRecord[] = []
  let [one, other] = await Promise.all([a.next(), b.next()])
  let alike = 0
  while (one.done !== true || other.done !== true) {
    const order =
      one.done === true ? 1 : other.done === true ? -1 : Buffer.compare(Buffer.from(one.value.key), Buffer.from(other.value.key))
    if (order === 0 && one.done !== true && other.done !== true) {
      const text = canonicalJson(one.value)
      if (text !== canonicalJson(other.value)) throw differs(`the entry ${one.value.key} has another value, version or expiry`)
      hash.update(`${text}\n`)
      alike += 1
    } else if (order < 0 && one.done !== true) alone.push(one.value)
    else if (other.done !== true) alone.push(other.value)
    ;[one, other] = await Promise.all([order <= 0 ? a.next() : one, order >= 0 ? b.next() : other])
  }
  const now = Math.max((await left[0].jobs.figures()).now, (await right[0].jobs.figures()).now)
  const missing = alone.find(({ expiresAt }) => (expiresAt ?? Infinity) > now)
  if (missing !== undefined) throw differs(`the entry ${missing.key} is on one side only`)
  return alike
}

async function* lasting(batches: AsyncIterable<readonly KeyValueRecord[]>): AsyncGenerator<KeyValueRecord> {
  for await (const record of each(batches)) if (record.key !== UNFINISHED_KEY) yield record
}

/**
 * Compares the counts by type and status, and what is known of the past.
 *
 * @throws CopyError `not_alike`
 */
export async function compareFigures(left: Side, right: Side): Promise<readonly JobCounts[]> {
  const [counts, copy] = await Promise.all([left, right].map(async ([{ jobs }]) => sorted(await jobs.counts())))
  if (canonicalJson(counts ?? []) !== canonicalJson(copy ?? [])) throw differs('the counts of jobs by type and status are others')
  const [past, copied] = await Promise.all([left[1].pastFigures(), right[1].pastFigures()])
  if (canonicalJson(past.minutes) !== canonicalJson(copied.minutes)) throw differs('the figures of past minutes are others')
  return counts ?? []
}

function sorted(counts: readonly JobCounts[]): JobCounts[] {
  const nameOf = ({ type, status }: JobCounts): string => `${type}\n${status}`
  return [...counts].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

function differs(what: string): CopyError {
  return new CopyError(
    'not_alike',
    `The copy is not like the source: ${what}. If a server used one of them meanwhile, stop it and copy again.`,
  )
}
