import type { PastFigures, StoreContents } from '@headway/core'
import type { Database } from '@headway/sqlite'
import { JOB_ROW_LENGTH } from '@headway/store-kit/rules'
import type { ExportedJob, ExportedKeyValue, JobRow } from '@headway/store-kit/rules'
import type { ReadOperations } from '../messages.js'
import { JOB_COLUMNS, JOB_TABLES } from '../rows.js'

type Answer<Kind extends keyof ReadOperations> = ReadOperations[Kind][1]

/** How many jobs with owners are named. */
const OWNED_NAMED = 10

/** What a job has beside what users see. */
type Rest = readonly [
  id: number,
  epoch: number,
  maxRecoveries: number,
  queueTimeout: number | null,
  queueDeadline: number | null,
  keyLimit: number | null,
  holdsKey: number,
  checkpoint: string | null,
]
const REST_COLUMNS = 'j.id, j.epoch, j.max_recoveries, j.queue_timeout, j.queue_deadline, j.key_limit, j.holds_key, c.value'

/** Reads all that a store holds, for another store. */
export function prepareExport(db: Database): {
  contents(now: number): StoreContents
  jobs(args: ReadOperations['exportJobs'][0]): Answer<'exportJobs'>
  keyValues(args: ReadOperations['exportKeyValues'][0], now: number): Answer<'exportKeyValues'>
  pastFigures(): PastFigures
} {
  const next = db.prepareTuples<readonly [...JobRow, ...Rest]>(
    `select ${JOB_COLUMNS}, ${REST_COLUMNS} from ${JOB_TABLES} left join checkpoints c on c.id = j.id where j.id > ? order by j.id limit 1`,
  )
  const idempotency = db.prepare<ExportedJob['idempotency'][number]>(
    'select scope, key, fingerprint from idempotency where job = ? order by scope, key',
  )
  const nextEntry = db.prepare<ExportedKeyValue>(
    'select key, value, version, expires from key_values where key > ? and (expires is null or expires > ?) order by key limit 1',
  )
  const jobs = db.prepare<{ jobs: number; heads: number; epochs: number }>(
    'select count(*) as jobs, total(head) as heads, total(epoch) as epochs from jobs',
  )
  const entries = db.prepare<{ entries: number }>('select count(*) as entries from key_values where expires is null or expires > ?')
  const owned = db.prepare<{ uuid: string }>(
    `select uuid from jobs where lease_worker is not null or status = 'running' limit ${OWNED_NAMED}`,
  )
  const version = db.prepare<{ value: number }>(`select value from counters where name = 'key_value_version'`)
  const pruned = db.prepare<PastFigures['pruned'][number]>(
    'select type, status, pruned from tallies where pruned <> 0 order by type, status',
  )
  const minutes = db.prepare<PastFigures['minutes'][number]>('select at, created, completed, failed, cancelled from minutes order by at')

  return {
    contents(now) {
      const { jobs: count = 0, heads = 0, epochs = 0 } = jobs.get() ?? {}
      return {
        jobs: count,
        keyValues: entries.get(now)?.entries ?? 0,
        owned: owned.all().map(({ uuid }) => uuid),
        revision: [count, heads, epochs, version.get()?.value ?? 0].join('.'),
      }
    },
    jobs({ after, maxJobs, maxBytes }) {
      const found: ExportedJob[] = []
      let last = after
      for (let bytes = 0; found.length < maxJobs && bytes < maxBytes;) {
        const tuple = next.get(last)
        if (tuple === undefined) return { jobs: found, next: null }
        const row = tuple.slice(0, JOB_ROW_LENGTH) as unknown as JobRow
        const rest = tuple.slice(JOB_ROW_LENGTH) as unknown as Rest
        const [id, epoch, maxRecoveries, queueTimeoutMs, queueDeadline, keyLimit, holdsKey, checkpoint] = rest
        found.push({
          row,
          epoch,
          checkpoint,
          idempotency: idempotency.all(id),
          queueTimeoutMs,
          queueDeadline,
          maxRecoveries,
          keyLimit,
          holdsKey: holdsKey === 1,
        })
        for (const value of [...row, checkpoint]) if (typeof value === 'string') bytes += value.length
        last = id
      }
      return { jobs: found, next: last }
    },
    keyValues({ after, maxEntries, maxBytes }, now) {
      const found: ExportedKeyValue[] = []
      let last = after
      for (let bytes = 0; found.length < maxEntries && bytes < maxBytes;) {
        const entry = nextEntry.get(last, now)
        if (entry === undefined) return { entries: found, next: null }
        found.push(entry)
        bytes += entry.key.length + entry.value.length
        last = entry.key
      }
      return { entries: found, next: last }
    },
    pastFigures: () => ({ pruned: pruned.all(), minutes: minutes.all() }),
  }
}
