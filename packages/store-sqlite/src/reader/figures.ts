import type { MinuteFigures, StoreFigures } from '@headway/core'
import type { Database } from '@headway/sqlite'
import { BLOCKED, READY } from '@headway/store-kit/rules'
import { MINUTE_MS } from '../writer/minutes.js'

/** What goes on: of a table of minutes, and of indexes over the jobs that wait or run. The caller holds a read transaction. */
export function prepareFigures(db: Database): (args: { readonly minutes: number }, now: number) => StoreFigures {
  const minutes = db.prepare<MinuteFigures>(
    'select at, created, completed, failed, cancelled from minutes where at > ? and at <= ? order by at',
  )
  const since = db.prepare<{ since: number }>(
    `select max(run_at, created_at) as since from jobs where queue in (${READY}, ${BLOCKED}) order by max(run_at, created_at) limit 1`,
  )
  const workers = db.prepare<{ id: string; jobs: number }>(
    'select lease_worker as id, count(*) as jobs from jobs where lease_worker is not null and lease_expires > ? group by lease_worker order by id',
  )
  return ({ minutes: told }, now) => {
    const waitingSince = since.get()?.since
    return {
      now,
      minutes: minutes.all(now - told * MINUTE_MS, now),
      ...(waitingSince !== undefined && { waitingSince }),
      workers: workers.all(now),
    }
  }
}
