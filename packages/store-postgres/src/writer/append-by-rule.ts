import { appended, fence } from '@headway/store-kit/rules'
import type { AppendMessage } from '@headway/store-kit/rules'
import type { Database, Runner } from '../database/database.js'
import type { LockedRow } from '../rows.js'
import type { Appended } from './append.js'
import { LOCKED_COLUMNS } from './apply.js'
import type { Apply } from './apply.js'

/** An append that gives a job back, or does what was asked of it: what becomes of the job depends on what is asked now. */
export function prepareAppendByRule({ sql }: Database, apply: Apply): (tx: Runner, append: AppendMessage) => Promise<Appended> {
  const find = sql(`select ${LOCKED_COLUMNS} from headway.jobs j where j.uuid = $1 for no key update`)
  const clock = sql('select headway.now_ms() as now')
  const log = sql('insert into headway.segments (job, last, first, lines) values ($1::bigint, $2, $3, $4)')
  const save = sql(
    'insert into headway.checkpoints (id, value) values ($1::bigint, $2) on conflict (id) do update set value = excluded.value',
  )
  return async (tx, append) => {
    const [row] = await tx.run<LockedRow>(find, [append.jobId])
    if (row === undefined) return { outcome: 'stale', leftKey: null }
    // Asked once the row is locked: waiting for it takes time.
    const [time] = await tx.run<{ now: number }>(clock)
    const now = time?.now ?? 0
    const refused = fence(row, append, now)
    if (refused !== undefined) return { outcome: refused, leftKey: null }
    for (const { first, last, lines } of append.segments) await tx.run(log, [row.id, last, first, lines])
    if (append.checkpoint !== null) await tx.run(save, [row.id, append.checkpoint])
    const leftKey = await apply(tx, row, appended(row, append, now), now, append.base + append.count)
    return { outcome: 'ok', leftKey: leftKey ?? null }
  }
}

/** Whether an append is one of these. */
export function isByRule({ release, fulfils }: AppendMessage): boolean {
  return release !== null || fulfils !== null
}
