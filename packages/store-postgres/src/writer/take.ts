import { NOT_QUEUED } from '@headway/store-kit/rules'
import type { Claim, WorkerId } from '@headway/core'
import { VIEW_COLUMNS, detailsOf, jobOf } from '../rows.js'
import type { ViewRow } from '../rows.js'
import { tallyChanges } from './tallies.js'

/** What every statement that takes jobs is told first: `$1` the worker, `$2` its name as JSON text, `$3` the lease in ms, `$4` the claim's mark. */
export function takeValues(worker: WorkerId, leaseMs: number, mark: string): readonly [string, string, number, string] {
  return [worker, JSON.stringify(worker), leaseMs, mark]
}

/**
 * Takes jobs, as the later part of a statement: `taken` has them as they are then.
 *
 * @param picked a table with the internal `id` of locked jobs that wait, and `now`
 */
export function taking(picked: string): string {
  return `taken as (
      update headway.jobs j set status = 'running', queue = ${NOT_QUEUED}, queue_deadline = null, attempt = greatest(1, j.attempt),
        head = j.head + 1, epoch = j.epoch + 1, lease_worker = $1, lease_expires = p.now + $3::bigint,
        holds_key = case when j.key is null then 0 else 1 end, started_at = coalesce(j.started_at, p.now),
        batch_id = $4, batch_epoch = j.epoch + 1, batch_base = j.head
      from ${picked} p where j.id = p.id
      returning j.*, p.now
    ), logged as (
      insert into headway.segments (job, last, first, lines)
      select id, head, head, '{"seq":' || head || ',"at":"' || headway.iso(now) || '","type":"claimed","data":{"worker":' || $2::text ||
        ',"epoch":' || epoch || ',"attempt":' || attempt || ',"recoveries":' || recoveries || '}}' from taken
    ), tallied as (
      ${tallyChanges(`(select type, 'queued' as old_status, status, now from taken)`)}
    )`
}

/** Selects a TakenRow of `taken j`, with its details `d`. */
export const TAKEN_COLUMNS = `j.id::text as id, ${VIEW_COLUMNS}, j.epoch`
export const TAKEN_TABLES = `taken j ${detailsOf('j')}`

export interface TakenRow extends ViewRow {
  /** The internal id, as text. */
  readonly id: string
  readonly epoch: number
}

/** By priority, then age. */
export function byUrgency(a: Pick<TakenRow, 'priority' | 'id'>, b: Pick<TakenRow, 'priority' | 'id'>): number {
  return b.priority - a.priority || (BigInt(a.id) < BigInt(b.id) ? -1 : 1)
}

/** @param saved the job's checkpoint, as JSON text */
export function claimOf(row: TakenRow, worker: WorkerId, saved: string | undefined): Claim {
  const { epoch } = row
  return {
    job: jobOf(row),
    lease: { jobId: row.uuid, epoch, worker },
    saved: saved === undefined ? undefined : (JSON.parse(saved) as Claim['saved']),
  }
}
