import { JOB_ROW_LENGTH, NOT_QUEUED, READY } from '@headway/store-kit/rules'
import type { JobRow } from '@headway/store-kit/rules'
import type { ClaimOutcome, WriteOperations } from '../messages.js'
import { JOB_COLUMNS, JOB_TABLES } from '../rows.js'
import type { Row } from './job-rows.js'
import type { Tools } from './tools.js'

type ClaimArgs = WriteOperations['claim'][0]

/** What the writer needs of a ready job beside what users see. */
type Rest = readonly [
  id: number,
  queueTimeout: number | null,
  maxRecoveries: number,
  epoch: number,
  keyLimit: number | null,
  batchId: string | null,
  batchEpoch: number | null,
  batchBase: number | null,
]
const REST_COLUMNS = 'j.id, j.queue_timeout, j.max_recoveries, j.epoch, j.key_limit, j.batch_id, j.batch_epoch, j.batch_base'

interface Candidate {
  readonly view: JobRow
  readonly row: Row
  readonly priority: number
}

export function prepareClaim({ db, jobs, keys, log }: Tools): (args: ClaimArgs, now: number) => readonly ClaimOutcome[] {
  const ready = db.prepareTuples<readonly [...JobRow, ...Rest]>(
    `select ${JOB_COLUMNS}, ${REST_COLUMNS} from ${JOB_TABLES} where j.queue = ${READY} and j.type = ? order by j.priority desc, j.id limit ?`,
  )
  const owned = db.prepare<{ n: number }>(
    'select count(*) as n from jobs indexed by jobs_leases where lease_worker is not null and type = ?',
  )
  const saved = db.prepare<{ value: string }>('select value from checkpoints where id = ?')

  function take({ row, view }: Candidate, { worker, leaseMs }: ClaimArgs, now: number): ClaimOutcome {
    const isFirst = row.epoch === 0
    const epoch = row.epoch + 1
    const attempt = Math.max(1, row.attempt)
    const head = row.head + 1
    log.lifecycle(row.id, head, now, { type: 'claimed', data: JSON.stringify({ worker, epoch, attempt, recoveries: row.recoveries }) })
    jobs.change(row, {
      status: 'running',
      queue: NOT_QUEUED,
      queue_deadline: null,
      attempt,
      head,
      epoch,
      lease_worker: worker,
      lease_expires: now + leaseMs,
      holds_key: row.key === null ? 0 : 1,
      started_at: row.started_at ?? now,
    })
    // A job that nobody had yet has no checkpoint.
    return { row: viewOf(view, row), epoch, saved: isFirst ? null : (saved.get(row.id)?.value ?? null) }
  }

  function ownedOf(type: string): number {
    return owned.get(type)?.n ?? 0
  }

  function candidates(room: ReadonlyMap<string, number>): Candidate[] {
    const found: Candidate[] = []
    for (const [type, limit] of room) {
      if (limit <= 0) continue
      for (const tuple of ready.all(type, limit)) {
        const view = tuple.slice(0, JOB_ROW_LENGTH) as unknown as JobRow
        found.push({ view, row: rowOf(view, tuple.slice(JOB_ROW_LENGTH) as unknown as Rest), priority: view[8] })
      }
    }
    return found.sort((a, b) => b.priority - a.priority || a.row.id - b.row.id)
  }

  return (args, now) => {
    const room = new Map(
      args.room.map(({ type, limit, most }) => [type, most === undefined ? limit : Math.min(limit, most - ownedOf(type))]),
    )
    for (const type of room.keys()) keys.due(type, now)
    const claims: ClaimOutcome[] = []
    for (let again = true; again;) {
      again = false
      for (const candidate of candidates(room)) {
        const { key, key_limit, type } = candidate.row
        if (key !== null) {
          const holders = keys.holders(key)
          if (holders >= (key_limit ?? 1)) {
            keys.block(key, holders)
            // Others may be behind those that were just set aside.
            again = true
            continue
          }
        }
        if (claims.length >= args.total) return claims
        claims.push(take(candidate, args, now))
        room.set(type, (room.get(type) ?? 0) - 1)
      }
    }
    return claims
  }
}

function rowOf(view: JobRow, [id, queue_timeout, max_recoveries, epoch, key_limit, batch_id, batch_epoch, batch_base]: Rest): Row {
  const [uuid, type, status, , , , , , , attempt, recoveries, head, , key, , , , run_at, started_at] = view
  return {
    id,
    uuid,
    type,
    status,
    queue: READY,
    run_at,
    queue_timeout,
    queue_deadline: null,
    attempt,
    recoveries,
    max_recoveries,
    head,
    epoch,
    lease_worker: null,
    lease_expires: null,
    request: null,
    why: null,
    key,
    key_limit,
    holds_key: 0,
    batch_id,
    batch_epoch,
    batch_base,
    started_at,
    finished_at: null,
  }
}

/** The job as users see it now that it is claimed. */
function viewOf(view: JobRow, { status, attempt, head, started_at }: Row): JobRow {
  const [
    uuid,
    type,
    ,
    input,
    definition,
    progress,
    result,
    error,
    priority,
    ,
    recoveries,
    ,
    request,
    key,
    parent,
    retryOf,
    createdAt,
    runAt,
  ] = view
  return [
    ...([uuid, type, status, input, definition, progress, result, error, priority, attempt, recoveries, head] as const),
    ...([request, key, parent, retryOf, createdAt, runAt, started_at, null] as const),
  ]
}
