import { LogEvent } from '@headway/core'
import type { Append, Claim, JobStore, NewJob, Stores } from '@headway/core'
import type { SqliteOptions } from '@headway/store-sqlite'
import { openSqliteStores } from '@headway/store-sqlite'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** Longer than any test takes, in milliseconds. */
export const LEASE_MS = 600_000

/** Folders and stores that go away after each test. */
export function useFolders(): {
  folder(): Promise<string>
  open(options: SqliteOptions): Promise<Stores>
} {
  let folders: string[] = []
  let opened: Stores[] = []
  afterEach(async () => {
    for (const stores of opened) await stores.close()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
    opened = []
    folders = []
  })
  return {
    async folder() {
      const folder = await mkdtemp(join(tmpdir(), 'headway-sqlite-'))
      folders.push(folder)
      return join(folder, 'data')
    },
    async open(options) {
      const stores = await openSqliteStores(options)
      opened.push(stores)
      return stores
    },
  }
}

export function newJob(members: Partial<NewJob> = {}): NewJob {
  return { id: randomUUID(), type: 'test', input: null, ...members }
}

export async function runningJob(jobs: JobStore, members: Partial<NewJob> = {}): Promise<Claim> {
  const job = newJob({ type: `test-${randomUUID().slice(0, 8)}`, ...members })
  await jobs.create([job])
  const [claim] = await jobs.claim('worker', [{ type: job.type, limit: 1 }], LEASE_MS)
  if (claim === undefined) throw new Error('The job was not claimed.')
  return claim
}

/** An append of `count` events with `text` at `base`. */
export function appendOf({ lease }: Claim, base: number, count: number, text = ''): Append {
  const data = JSON.stringify({ text })
  const events = Array.from({ length: count }, (_, index) => LogEvent.encode(base + 1 + index, Date.now(), 'work', data))
  return { lease, base, batchId: randomUUID(), events }
}

export async function seqsOf(jobs: JobStore, id: string): Promise<readonly number[]> {
  const seqs: number[] = []
  for (let after = 0; ;) {
    const page = await jobs.read(id, { after, maxEvents: 10_000, maxBytes: 1024 * 1024 })
    if (page === undefined) throw new Error('There is no such job.')
    seqs.push(...page.events.map(({ seq }) => seq))
    after = page.next
    if (after >= page.head) return seqs
  }
}

export function denseUpTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}
