import type { Lease, LeaseState } from '@headway/core'
import type { JobRequest } from '@headway/protocol'
import type { Database } from '../database/database.js'

interface RenewedRow {
  readonly uuid: string
  readonly epoch: number
  readonly request: JobRequest | null
  readonly why: string | null
}

export function prepareRenew(db: Database): (leases: readonly Lease[], leaseMs: number) => Promise<LeaseState[]> {
  // Locked in the order of the ids, as appends lock them: the two never wait for each other. Whether a lease is held is seen in the row as it
  // is once it is locked, not as it was when the statement began.
  const renew = db.sql(`
    with input as materialized (
      select * from unnest($1::uuid[], $2::bigint[], $3::text[]) as i (uuid, epoch, worker)
    ), locked as materialized (
      select l.id, l.epoch = i.epoch and l.lease_worker = i.worker and l.lease_expires > headway.now_ms() as held
      from input i cross join lateral (
        select j.id, j.epoch, j.lease_worker, j.lease_expires from headway.jobs j where j.uuid = i.uuid for no key update
      ) l
    )
    update headway.jobs j set lease_expires = headway.now_ms() + $4::bigint from locked l where j.id = l.id and l.held
    returning j.uuid, j.epoch, j.request, j.why`)
  return async (leases, leaseMs) => {
    const inOrder = leases.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1))
    const rows = await db.run<RenewedRow>(
      renew,
      [inOrder.map(({ jobId }) => jobId), inOrder.map(({ epoch }) => epoch), inOrder.map(({ worker }) => worker), leaseMs],
      { repeatable: true },
    )
    const renewed = new Map(rows.map((row) => [row.uuid, row]))
    return leases.map(({ jobId, epoch }) => {
      const row = renewed.get(jobId)
      if (row?.epoch !== epoch) return { jobId, epoch, held: false }
      const { request, why } = row
      return { jobId, epoch, held: true, ...(request !== null && { request }), ...(why !== null && { why }) }
    })
  }
}
