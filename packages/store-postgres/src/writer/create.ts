import { toJob } from '@headway/store-kit'
import { READY, SCHEDULED, createdData, newJobRow } from '@headway/store-kit/rules'
import type { NewJobMessage } from '@headway/store-kit/rules'
import type { StoredJob } from '@headway/core'
import { randomUUID } from 'node:crypto'
import { codeOf } from '../errors.js'
import type { Database, Runner, SqlValue } from '../database/database.js'
import { VIEW_COLUMNS, VIEW_TABLES, jobOf } from '../rows.js'
import type { ViewRow } from '../rows.js'
import { makePartitions } from '../schema/partitions.js'
import { joinTexts, textsOf } from './lines.js'
import { minuteOf } from './tallies.js'

export type CreateOutcome =
  | { readonly created: true; readonly job: StoredJob }
  | { readonly created: false; readonly job: StoredJob; readonly matched: 'id' | 'idempotency'; readonly sameRequest: boolean }

/** What is known of a creation before it is tried. */
interface Wanted {
  readonly message: NewJobMessage
  /** The job that was made under its idempotency key before. */
  readonly same?: { readonly job: string; readonly fingerprint: string }
}

interface InsertedRow {
  readonly n: number
  readonly now: number
  readonly due: number
  readonly made: boolean
}

/** PostgreSQL's "no partition of relation found for row". */
const NO_PARTITION = '23514'

/** How often a creation is tried that meets jobs which are pruned in the same moment. */
const MAX_TRIES = 10

/**
 * Makes jobs, all in one transaction. Where the outcome of a first try is not known, the second finds the jobs that it made by a mark that
 * they keep until they are claimed, and says that they are new.
 */
export function prepareCreate(db: Database): (messages: readonly NewJobMessage[]) => Promise<CreateOutcome[]> {
  const { sql } = db
  const insert = sql(`
    with clock as materialized (select headway.now_ms() as now),
    input as materialized (
      select i.*, headway.new_job_id(c.now) as id, c.now, coalesce(i.run_at, c.now) as due
      from rows from (
        unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::integer[], $7::uuid[], $8::uuid[], $9::bigint[],
          $10::integer[], $11::text[]),
        ${textsOf('$12')}, ${textsOf('$13')}
      ) with ordinality as i (uuid, type, priority, run_at, key, key_limit, parent, retry_of, queue_timeout, max_recoveries, definition, input, created, n)
      cross join clock c
    ), made as (
      insert into headway.jobs (id, uuid, type, status, queue, priority, run_at, queue_timeout, queue_deadline, max_recoveries, head, key,
        key_limit, parent, created_at, batch_id, batch_epoch, batch_base)
      select id, uuid, type, 'queued', case when due > now then ${SCHEDULED} else ${READY} end, priority, due, queue_timeout, due + queue_timeout,
        max_recoveries, 1, key, key_limit, parent, now, $14, 0, 0
      from input order by n
      on conflict (uuid) do nothing
      returning id, uuid
    ), described as (
      insert into headway.details (id, input, definition, retry_of)
      select i.id, i.input, i.definition, i.retry_of from input i join made m on m.id = i.id
    ), logged as (
      insert into headway.segments (job, last, first, lines)
      select i.id, 1, 1, '{"seq":1,"at":"' || headway.iso(i.now) || '","type":"created","data":' || i.created || '}' from input i join made m on m.id = i.id
    ), tallied as (
      insert into headway.tally_changes (type, status, jobs, pruned, at, created)
      select i.type, 'queued', count(*), 0, ${minuteOf('i.now')}, count(*) from input i join made m on m.id = i.id
      group by i.type, ${minuteOf('i.now')}
    )
    select i.n, i.now, i.due, m.id is not null as made from input i left join made m on m.id = i.id`)
  const same = sql(`select i.n, d.job, d.fingerprint from rows from (unnest($1::text[], $2::text[])) with ordinality as i (scope, key, n)
    join headway.idempotency d on d.scope = i.scope and d.key = i.key`)
  const remember = sql(`insert into headway.idempotency (scope, key, fingerprint, job)
    select scope, key, fingerprint, job from unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) as i (scope, key, fingerprint, job)
    order by scope, key on conflict (scope, key) do nothing returning job`)
  const forget = sql(
    'delete from headway.idempotency i using unnest($1::text[], $2::text[], $3::uuid[]) as f (scope, key, job) where i.scope = f.scope and i.key = f.key and i.job = f.job',
  )
  const view = sql(`select ${VIEW_COLUMNS}, j.batch_id = $2 as mine from ${VIEW_TABLES} where j.uuid = any($1::uuid[])`)

  /** Who else made a job under the same key: in this call, too, where the first counts. */
  async function lookUp(tx: Runner, messages: readonly NewJobMessage[]): Promise<Wanted[]> {
    const keyed = messages.filter(({ idempotency }) => idempotency !== null)
    if (keyed.length === 0) return messages.map((message) => ({ message }))
    const ours = new Set<string>()
    const byMessage = new Map<NewJobMessage, { readonly job: string; readonly fingerprint: string }>()
    // Again for a key that was there for the first statement and not for the second: its job was pruned in between.
    for (let left = keyed; left.length > 0; left = left.filter((message) => !ours.has(message.id) && !byMessage.has(message))) {
      const of = (member: 'scope' | 'key' | 'fingerprint'): string[] => left.map(({ idempotency }) => idempotency?.[member] ?? '')
      const remembered = await tx.run<{ job: string }>(remember, [of('scope'), of('key'), of('fingerprint'), left.map(({ id }) => id)])
      for (const { job } of remembered) ours.add(job)
      for (const { n, ...row } of await tx.run<{ n: number; job: string; fingerprint: string }>(same, [of('scope'), of('key')])) {
        const message = left[n - 1]
        if (message !== undefined) byMessage.set(message, row)
      }
    }
    return messages.map((message) => {
      const row = byMessage.get(message)
      return row === undefined || ours.has(message.id) ? { message } : { message, same: row }
    })
  }

  async function tryOnce(tx: Runner, messages: readonly NewJobMessage[], mark: string): Promise<CreateOutcome[]> {
    const wanted = await lookUp(tx, messages)
    const fresh = wanted.flatMap(({ message, same: other }) => (other === undefined ? [message] : []))
    const made = await insertAll(tx, fresh, mark)
    const others = wanted.filter(({ message }) => !made.has(message)).map(({ message, same: other }) => other?.job ?? message.id)
    const views = others.length === 0 ? [] : await tx.run<ViewRow & { readonly mine: boolean }>(view, [others, mark])
    const byId = new Map(views.map((row) => [row.uuid, row]))
    const madeIds = new Set([...made.keys()].map(({ id }) => id))
    const inVain: NewJobMessage[] = []
    const outcomes = wanted.map(({ message, same: other }): CreateOutcome => {
      const fresher = made.get(message)
      if (fresher !== undefined) return { created: true, job: fresher }
      const row = byId.get(other?.job ?? message.id)
      if (row === undefined) throw new PrunedMeanwhile(message.id)
      const job = jobOf(row)
      // An earlier try made it, whose outcome was not known. Twice in one call, it is the first that made it.
      if (row.mine && row.uuid === message.id && !madeIds.has(message.id)) return { created: true, job }
      if (other !== undefined) {
        return { created: false, job, matched: 'idempotency', sameRequest: other.fingerprint === message.idempotency?.fingerprint }
      }
      inVain.push(message)
      return { created: false, job, matched: 'id', sameRequest: false }
    })
    await forgetKeys(tx, inVain, [...made.keys()])
    return outcomes
  }

  async function insertAll(tx: Runner, messages: readonly NewJobMessage[], mark: string): Promise<ReadonlyMap<NewJobMessage, StoredJob>> {
    const made = new Map<NewJobMessage, StoredJob>()
    if (messages.length === 0) return made
    for (const row of await tx.run<InsertedRow>(insert, [...columnsOf(messages), mark])) {
      const message = messages[row.n - 1]
      if (row.made && message !== undefined) made.set(message, toJob(newJobRow(message, row.due, row.now)))
    }
    return made
  }

  /** A job that was there keeps the keys that it has: one that met it only by its id made nothing under its own. */
  async function forgetKeys(tx: Runner, inVain: readonly NewJobMessage[], made: readonly NewJobMessage[]): Promise<void> {
    const makers = new Set(made.map(({ idempotency }) => idempotency && keyOf(idempotency)))
    const keys = inVain.flatMap(({ id, idempotency }) =>
      idempotency === null || makers.has(keyOf(idempotency)) ? [] : [{ id, ...idempotency }],
    )
    if (keys.length === 0) return
    await tx.run(forget, [keys.map(({ scope }) => scope), keys.map(({ key }) => key), keys.map(({ id }) => id)])
  }

  return async (messages) => {
    const mark = randomUUID()
    const attempt = async (): Promise<CreateOutcome[]> => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await db.transaction((tx) => tryOnce(tx, messages, mark), { repeatable: true })
        } catch (error) {
          if (!(error instanceof PrunedMeanwhile) || tries === MAX_TRIES) throw error
        }
      }
    }
    try {
      return await attempt()
    } catch (error) {
      if (!isNoPartition(error)) throw error
      // The store's clock came to another day than any sweep made ready.
      await makePartitions(db)
      return attempt()
    }
  }
}

/** A job was there when a creation met it, and was pruned before it was looked at: the same again makes a new one. */
class PrunedMeanwhile extends Error {
  constructor(id: string) {
    super(`What was there in place of job ${id} is gone in the middle of a transaction.`)
  }
}

function isNoPartition(error: unknown): boolean {
  return error instanceof Error && codeOf(error.cause) === NO_PARTITION
}

function keyOf({ scope, key }: { readonly scope: string; readonly key: string }): string {
  return JSON.stringify([scope, key])
}

function columnsOf(messages: readonly NewJobMessage[]): SqlValue[] {
  return [
    messages.map(({ id }) => id),
    messages.map(({ type }) => type),
    messages.map(({ priority }) => priority),
    messages.map(({ runAt }) => runAt),
    messages.map(({ key }) => key),
    messages.map(({ keyLimit }) => keyLimit),
    messages.map(({ parentId }) => parentId),
    messages.map(({ retryOf }) => retryOf),
    messages.map(({ queueTimeoutMs }) => queueTimeoutMs),
    messages.map(({ maxRecoveries }) => maxRecoveries),
    messages.map(({ definition }) => definition),
    joinTexts(messages.map(({ input }) => input)),
    joinTexts(messages.map(createdData)),
  ]
}
