import type { JobWithLog, KeyValueRecord, LogEvent, PastFigures } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { encodeKeyValue, encodeRecord, segmentsOf } from '@headway/store-kit'
import { NOT_QUEUED, READY, SCHEDULED } from '@headway/store-kit/rules'
import type { ImportedJob, Segment } from '@headway/store-kit/rules'
import type { Database, Runner, SqlValue } from '../database/database.js'
import { firstIdAt } from '../schema/job-id.js'
import { attachPartitions } from '../schema/partitions.js'
import { joinTexts, textsOf } from '../writer/lines.js'

/** How many waiting jobs are made ready at a time. */
const READY_AT_A_TIME = 10_000

/** Writes what another store holds. */
export class Importer {
  readonly #db: Database
  readonly #statements: ReturnType<typeof statementsOf>
  /** The internal id of the newest job; undefined before it was looked for. */
  #newest: bigint | undefined

  constructor(db: Database) {
    this.#db = db
    this.#statements = statementsOf(db)
  }

  /** Removes everything but blobs. */
  async clear(): Promise<void> {
    this.#newest = undefined
    await this.#db.run(this.#statements.clear, [], { repeatable: true })
  }

  async jobs(jobs: readonly JobWithLog[]): Promise<void> {
    const messages = jobs.map(encodeRecord)
    this.#newest ??= BigInt((await this.#db.run<{ id: string }>(this.#statements.newest))[0]?.id ?? -1)
    let newest = this.#newest
    // An id holds the time of creation, and they keep the order in which they come.
    const ids = messages.map(({ job }) => {
      const atLeast = BigInt(firstIdAt(job.row[16]))
      newest = atLeast > newest ? atLeast : newest + 1n
      return newest.toString()
    })
    await this.#db.transaction(async (tx) => {
      await attachPartitions(tx, this.#db, ids)
      await tx.run(this.#statements.jobs, jobColumns(ids, messages))
      const segments = messages.flatMap((message, index) => message.segments.map((segment) => ({ job: ids[index] ?? '', segment })))
      if (segments.length > 0) await tx.run(this.#statements.segments, segmentColumns(segments))
      await this.#rest(tx, ids, messages)
    })
    this.#newest = newest
  }

  async events(id: JobId, events: readonly LogEvent[]): Promise<void> {
    const segments = segmentsOf(events, (events[0]?.seq ?? 1) - 1)
    const [found] = await this.#db.run<{ id: string }>(this.#statements.find, [id])
    if (found === undefined) throw new Error(`There is no job ${id} to take more of the log of.`)
    await this.#db.run(this.#statements.segments, segmentColumns(segments.map((segment) => ({ job: found.id, segment }))))
  }

  async keyValues(records: readonly KeyValueRecord[]): Promise<void> {
    const entries = records.map(encodeKeyValue)
    await this.#db.run(this.#statements.keyValues, [
      entries.map(({ key }) => key),
      joinTexts(entries.map(({ value }) => value)),
      entries.map(({ version }) => version),
      entries.map(({ expires }) => expires),
    ])
    // Versions go on growing from the highest that was taken.
    await this.#db.run(this.#statements.version, [Math.max(...entries.map(({ version }) => version))])
  }

  async pastFigures({ pruned, minutes }: PastFigures): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.run(this.#statements.tallies, [
        pruned.map(({ type }) => type),
        pruned.map(({ status }) => status),
        pruned.map(() => 0),
        pruned.map((one) => one.pruned),
      ])
      await tx.run(this.#statements.minutes, [
        minutes.map(({ at }) => at),
        minutes.map(({ created }) => created),
        minutes.map(({ completed }) => completed),
        minutes.map(({ failed }) => failed),
        minutes.map(({ cancelled }) => cancelled),
      ])
    })
  }

  /** Lets the jobs that wait be claimed. */
  async finish(): Promise<void> {
    for (let last: string | null = '-1'; last !== null;) {
      const [made]: { readonly last: string | null }[] = await this.#db.run(this.#statements.ready, [last], { repeatable: true })
      last = made?.last ?? null
    }
  }

  /** What lies beside the jobs. */
  async #rest(tx: Runner, ids: readonly string[], messages: readonly ImportedJob[]): Promise<void> {
    const saved = messages.flatMap(({ job }, index) => (job.checkpoint === null ? [] : [{ id: ids[index] ?? '', value: job.checkpoint }]))
    if (saved.length > 0)
      await tx.run(this.#statements.checkpoints, [saved.map(({ id }) => id), joinTexts(saved.map(({ value }) => value))])
    const keys = messages.flatMap(({ job }) => job.idempotency.map((one) => ({ ...one, job: job.row[0] })))
    if (keys.length > 0) {
      const columns = (['scope', 'key', 'fingerprint', 'job'] as const).map((name) => keys.map((one) => one[name]))
      await tx.run(this.#statements.idempotency, columns)
    }
    const types = messages.map(({ job }) => job.row[1])
    const statuses = messages.map(({ job }) => job.row[2])
    await tx.run(this.#statements.tallies, [types, statuses, messages.map(() => 1), messages.map(() => 0)])
  }
}

function segmentColumns(segments: readonly { readonly job: string; readonly segment: Segment }[]): SqlValue[] {
  return [
    segments.map(({ job }) => job),
    segments.map(({ segment }) => segment.last),
    segments.map(({ segment }) => segment.first),
    joinTexts(segments.map(({ segment }) => segment.lines)),
  ]
}

function jobColumns(ids: readonly string[], messages: readonly ImportedJob[]): SqlValue[] {
  const member = <T>(of: (job: ImportedJob['job']) => T): T[] => messages.map(({ job }) => of(job))
  return [
    ids,
    ...([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19] as const).map((column) => member(({ row }) => row[column])),
    member(({ epoch }) => epoch),
    member(({ maxRecoveries }) => maxRecoveries),
    member(({ queueTimeoutMs }) => queueTimeoutMs),
    member(({ queueDeadline }) => queueDeadline),
    member(({ keyLimit }) => keyLimit),
    member(({ holdsKey }) => (holdsKey ? 1 : 0)),
    joinTexts(member(({ row }) => row[3])),
  ]
}

/** The columns of `jobColumns`, in order, with their types. */
const COLUMNS = [
  ['id', 'bigint'],
  ['uuid', 'uuid'],
  ['type', 'text'],
  ['status', 'text'],
  ['definition', 'text'],
  ['progress', 'text'],
  ['result', 'text'],
  ['error', 'text'],
  ['priority', 'integer'],
  ['attempt', 'integer'],
  ['recoveries', 'integer'],
  ['head', 'bigint'],
  ['key', 'text'],
  ['parent', 'uuid'],
  ['retry_of', 'uuid'],
  ['created_at', 'bigint'],
  ['run_at', 'bigint'],
  ['started_at', 'bigint'],
  ['finished_at', 'bigint'],
  ['epoch', 'bigint'],
  ['max_recoveries', 'integer'],
  ['queue_timeout', 'bigint'],
  ['queue_deadline', 'bigint'],
  ['key_limit', 'integer'],
  ['holds_key', 'smallint'],
] as const

/** Those of `details`. */
const DETAILS = ['definition', 'retry_of']

function statementsOf({ sql }: Database) {
  const names = COLUMNS.map(([name]) => name)
  const ofJobs = names.filter((name) => !DETAILS.includes(name)).join(', ')
  const everything = [
    'jobs',
    'details',
    'segments',
    'checkpoints',
    'garbage',
    'idempotency',
    'tallies',
    'tally_changes',
    'minutes',
    'key_values',
  ]
  return {
    clear: sql(`truncate ${everything.map((table) => `headway.${table}`).join(', ')}`),
    newest: sql('select max(id)::text as id from headway.jobs'),
    find: sql('select id::text as id from headway.jobs where uuid = $1'),
    jobs: sql(`
      with input as materialized (
        select * from rows from (
          unnest(${COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}), ${textsOf(`$${COLUMNS.length + 1}`)}
        ) as i (${names.join(', ')}, input)
      ), described as (insert into headway.details (id, input, definition, retry_of) select id, input, definition, retry_of from input)
      insert into headway.jobs (queue, ${ofJobs}) select ${NOT_QUEUED}, ${ofJobs} from input`),
    segments: sql(`insert into headway.segments (job, last, first, lines)
      select * from rows from (unnest($1::bigint[], $2::bigint[], $3::bigint[]), ${textsOf('$4')}) as i (job, last, first, lines)`),
    checkpoints: sql(
      `insert into headway.checkpoints (id, value) select * from rows from (unnest($1::bigint[]), ${textsOf('$2')}) as i (id, value)`,
    ),
    idempotency: sql(`insert into headway.idempotency (scope, key, fingerprint, job)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[])`),
    tallies: sql(`
      insert into headway.tallies (type, status, jobs, pruned)
      select type, status, sum(jobs), sum(pruned) from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as i (type, status, jobs, pruned)
      group by type, status
      on conflict (type, status) do update set jobs = tallies.jobs + excluded.jobs, pruned = tallies.pruned + excluded.pruned`),
    minutes: sql(`insert into headway.minutes (at, created, completed, failed, cancelled)
      select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])`),
    keyValues: sql(`insert into headway.key_values (key, value, version, expires)
      select key, value, version, expires from rows from (unnest($1::text[], $3::bigint[], $4::bigint[]), ${textsOf('$2')}) as i (key, version, expires, value)`),
    version: sql(`select setval('headway.key_value_versions', greatest($1::bigint, (select last_value from headway.key_value_versions)))`),
    ready: sql(`
      with waiting as materialized (
        select id from headway.jobs where finished_at is null and status = 'queued' and queue = ${NOT_QUEUED} and id > $1::bigint
        order by id limit ${READY_AT_A_TIME}
      ), made as (
        update headway.jobs j set queue = case when run_at > headway.now_ms() then ${SCHEDULED} else ${READY} end
        from waiting w where j.id = w.id returning j.id
      ) select max(id)::text as last from made`),
  }
}
