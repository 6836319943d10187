import type { LeaseState } from '@headway/core'
import type { JobRequest } from '@headway/protocol'
import type { WriteOperations } from '../messages.js'
import type { Tools } from './tools.js'

export function prepareRenew({ db }: Tools): (args: WriteOperations['renew'][0], now: number) => readonly LeaseState[] {
  const renew = db.prepare<{ request: JobRequest | null; why: string | null }>(`update jobs set lease_expires = ?
    where uuid = ? and epoch = ? and lease_worker = ? and lease_expires > ? returning request, why`)
  return ({ leases, leaseMs }, now) =>
    leases.map(({ jobId, epoch, worker }) => {
      const row = renew.get(now + leaseMs, jobId, epoch, worker, now)
      return {
        jobId,
        epoch,
        held: row !== undefined,
        ...(row?.request != null && { request: row.request }),
        ...(row?.why != null && { why: row.why }),
      }
    })
}
