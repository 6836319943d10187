import type { JobRecord, KeyValueRecord, PastFigures, StoreContents } from '@headway/core'
import { toKeyValueRecord, toRecord } from '@headway/store-kit'
import type { ExportedJob, ExportedKeyValue } from '@headway/store-kit/rules'
import type { Database, Runner } from '../database/database.js'
import { VIEW_COLUMNS, VIEW_TABLES, rowOf } from '../rows.js'
import type { ViewRow } from '../rows.js'
import { MINUTE_COLUMNS, TALLIES } from '../writer/tallies.js'

/** What is read at a time, at most, unless one record alone is larger. */
const PAGE_RECORDS = 500
const PAGE_BYTES = 4 * 1024 * 1024

/** So many jobs are counted at a time: a statement must answer in time, however many there are. */
const COUNTED_JOBS = 200_000

/** How many jobs with owners are named. */
const OWNED_NAMED = 10

/** Before the id of every job. */
const FIRST_ID = '-1'

interface RestRow {
  readonly id: string
  readonly epoch: number
  readonly max_recoveries: number
  readonly queue_timeout: number | null
  readonly queue_deadline: number | null
  readonly key_limit: number | null
  readonly holds_key: number
  readonly checkpoint: string | null
}

interface KeyRow {
  readonly job: string
  readonly scope: string
  readonly key: string
  readonly fingerprint: string
}

/** Reads all that a store holds, for another store. */
export class Exporter {
  readonly #db: Database
  readonly #statements: ReturnType<typeof statementsOf>

  constructor(db: Database) {
    this.#db = db
    this.#statements = statementsOf(db)
  }

  async contents(): Promise<StoreContents> {
    let [jobs, heads, epochs] = [0, 0, 0]
    for (let last: string | null = FIRST_ID; last !== null;) {
      const [part]: { readonly jobs: number; readonly heads: number; readonly epochs: number; readonly last: string | null }[] =
        await this.#run(this.#statements.count, [last])
      jobs += part?.jobs ?? 0
      heads += part?.heads ?? 0
      epochs += part?.epochs ?? 0
      last = part?.jobs === COUNTED_JOBS ? part.last : null
    }
    const [entries] = await this.#run<{ count: number; version: number }>(this.#statements.entries)
    const owned = await this.#run<{ uuid: string }>(this.#statements.owned)
    return {
      jobs,
      keyValues: entries?.count ?? 0,
      owned: owned.map(({ uuid }) => uuid),
      revision: [jobs, heads, epochs, entries?.version ?? 0].join('.'),
    }
  }

  async *jobs(): AsyncGenerator<readonly JobRecord[]> {
    for (let last = FIRST_ID; ;) {
      const rows: (ViewRow & RestRow)[] = await this.#run(this.#statements.jobs, [last])
      if (rows.length === 0) return
      const keys = await this.#run<KeyRow>(this.#statements.idempotency, [rows.map(({ uuid }) => uuid)])
      const byJob = groupByJob(keys)
      yield rows.map((row) => toRecord(exportedOf(row, byJob.get(row.uuid) ?? [])))
      last = rows.at(-1)?.id ?? last
    }
  }

  async *keyValues(): AsyncGenerator<readonly KeyValueRecord[]> {
    for (let last = ''; ;) {
      const rows: ExportedKeyValue[] = await this.#run(this.#statements.keyValues, [last])
      if (rows.length === 0) return
      yield rows.map(toKeyValueRecord)
      last = rows.at(-1)?.key ?? last
    }
  }

  async pastFigures(): Promise<PastFigures> {
    return {
      pruned: await this.#run<PastFigures['pruned'][number]>(this.#statements.pruned),
      minutes: await this.#run<PastFigures['minutes'][number]>(this.#statements.minutes),
    }
  }

  #run<Row extends object>(statement: Parameters<Runner['run']>[0], values: Parameters<Runner['run']>[1] = []): Promise<Row[]> {
    return this.#db.run<Row>(statement, values, { repeatable: true })
  }
}

function groupByJob(keys: readonly KeyRow[]): ReadonlyMap<string, KeyRow[]> {
  const byJob = new Map<string, KeyRow[]>()
  for (const key of keys) byJob.set(key.job, [...(byJob.get(key.job) ?? []), key])
  return byJob
}

function exportedOf(row: ViewRow & RestRow, keys: readonly KeyRow[]): ExportedJob {
  return {
    row: rowOf(row),
    epoch: row.epoch,
    checkpoint: row.checkpoint,
    idempotency: keys.map(({ scope, key, fingerprint }) => ({ scope, key, fingerprint })),
    queueTimeoutMs: row.queue_timeout,
    queueDeadline: row.queue_deadline,
    maxRecoveries: row.max_recoveries,
    keyLimit: row.key_limit,
    holdsKey: row.holds_key === 1,
  }
}

function statementsOf({ sql }: Database) {
  // Whose texts come before it is known without reading them.
  const before = (sizes: string, order: string): string =>
    `coalesce(sum(${sizes}) over (order by ${order} rows between unbounded preceding and 1 preceding), 0)`
  return {
    count:
      sql(`select count(*) as jobs, coalesce(sum(head), 0)::bigint as heads, coalesce(sum(epoch), 0)::bigint as epochs, max(id)::text as last
      from (select id, head, epoch from headway.jobs where id > $1::bigint order by id limit ${COUNTED_JOBS}) j`),
    entries: sql(`select count(*) as count, (select last_value from headway.key_value_versions) as version
      from headway.key_values where expires is null or expires > headway.now_ms()`),
    owned: sql(`select uuid from headway.jobs where lease_worker is not null order by id limit ${OWNED_NAMED}`),
    jobs: sql(`
      with page as materialized (
        select j.id, ${before('octet_length(d.input) + coalesce(octet_length(j.result), 0) + coalesce(octet_length(c.value), 0)', 'j.id')} as before
        from ${VIEW_TABLES} left join headway.checkpoints c on c.id = j.id
        where j.id > $1::bigint order by j.id limit ${PAGE_RECORDS}
      )
      select ${VIEW_COLUMNS}, j.id::text as id, j.epoch, j.max_recoveries, j.queue_timeout, j.queue_deadline, j.key_limit, j.holds_key,
        c.value as checkpoint
      from page p join headway.jobs j on j.id = p.id join headway.details d on d.id = j.id left join headway.checkpoints c on c.id = j.id
      where p.before < ${PAGE_BYTES} order by j.id`),
    idempotency: sql(`select job, scope, key, fingerprint from headway.idempotency where job = any($1::uuid[])
      order by scope collate "C", key collate "C"`),
    keyValues: sql(`
      with page as materialized (
        select key, ${before('octet_length(value)', 'key')} as before from headway.key_values
        where key > $1 and (expires is null or expires > (select headway.now_ms())) order by key limit ${PAGE_RECORDS}
      )
      select k.key, k.value, k.version, k.expires from page p join headway.key_values k on k.key = p.key where p.before < ${PAGE_BYTES} order by k.key`),
    pruned: sql(`select type, status, sum(pruned)::bigint as pruned from ${TALLIES} t group by type, status having sum(pruned) <> 0`),
    minutes: sql(`
      select at, sum(created)::bigint as created, sum(completed)::bigint as completed, sum(failed)::bigint as failed, sum(cancelled)::bigint as cancelled
      from (
        select at, created, completed, failed, cancelled from headway.minutes
        union all select ${MINUTE_COLUMNS} from headway.tally_changes group by at
      ) m (at, created, completed, failed, cancelled)
      group by at having sum(created) + sum(completed) + sum(failed) + sum(cancelled) <> 0 order by at`),
  }
}
