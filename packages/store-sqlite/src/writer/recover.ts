import { recovered as afterLoss, timedOut } from '@headway/store-kit/rules'
import type { WriteOperations } from '../messages.js'
import { ROW_COLUMNS } from './job-rows.js'
import type { Row } from './job-rows.js'
import type { Tools } from './tools.js'

export interface Recovered {
  readonly recovered: readonly string[]
  readonly ended: readonly string[]
  readonly more: boolean
}

/** Jobs whose worker was lost, and jobs that waited too long. */
export function prepareRecover({ db, apply }: Tools): (args: WriteOperations['sweep'][0], now: number) => Recovered {
  const lost = db.prepare<Row>(
    `select ${ROW_COLUMNS} from jobs where lease_worker is not null and lease_expires <= ? order by lease_expires limit ?`,
  )
  const late = db.prepare<Row>(
    `select ${ROW_COLUMNS} from jobs where queue > 0 and queue_deadline is not null and queue_deadline <= ? order by queue_deadline limit ?`,
  )

  return ({ limit, losses }, now) => {
    const recovered: string[] = []
    const ended: string[] = []
    const ofLost = lost.all(now, limit)
    for (const row of ofLost) {
      const rule = afterLoss(row, losses?.get(row.uuid), now)
      apply(row, rule.effect, now)
      if (rule.ended) ended.push(row.uuid)
      else recovered.push(row.uuid)
    }
    const ofLate = late.all(now, limit)
    for (const row of ofLate) {
      apply(row, timedOut(row, now), now)
      ended.push(row.uuid)
    }
    return { recovered, ended, more: ofLost.length === limit || ofLate.length === limit }
  }
}
