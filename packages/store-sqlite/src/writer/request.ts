import { requested } from '@headway/store-kit/rules'
import type { RequestOutcome, WriteOperations } from '../messages.js'
import type { Tools } from './tools.js'

export function prepareRequest({ apply, jobs }: Tools): (args: WriteOperations['request'][0], now: number) => RequestOutcome | null {
  return ({ id, what, why }, now) => {
    const row = jobs.find(id)
    if (row === undefined) return null
    const { outcome, effect } = requested(row, what, why, now)
    const owned = row.lease_worker !== null
    if (effect !== undefined) apply(row, effect, now)
    return { outcome, row: jobs.view(row.id), news: effect === undefined ? null : owned ? 'request' : 'queue' }
  }
}
