import type { LeaseState } from '@headway/core'
import { isOwned } from '@headway/store-kit/rules'
import type { WriteOperations } from '../messages.js'
import type { Tools } from './tools.js'

export function prepareRenew({ jobs }: Tools): (args: WriteOperations['renew'][0], now: number) => readonly LeaseState[] {
  return ({ leases, leaseMs }, now) =>
    leases.map(({ jobId, epoch, worker }) => {
      const row = jobs.find(jobId)
      if (row === undefined || row.epoch !== epoch || row.lease_worker !== worker || !isOwned(row, now))
        return { jobId, epoch, held: false }
      jobs.change(row, { lease_expires: now + leaseMs })
      const { request, why } = row
      return { jobId, epoch, held: true, ...(request !== null && { request }), ...(why !== null && { why }) }
    })
}
