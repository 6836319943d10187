import type { ClaimOutcome, WriteOperations } from '../messages.js'
import { ROW_COLUMNS } from './job-rows.js'
import type { Row } from './job-rows.js'
import { NOT_QUEUED, READY } from './queue.js'
import type { Tools } from './tools.js'

type ClaimArgs = WriteOperations['claim'][0]
interface Candidate extends Row {
  readonly priority: number
}

export function prepareClaim({ db, jobs, keys, log }: Tools): (args: ClaimArgs, now: number) => readonly ClaimOutcome[] {
  const ready = db.prepare<Candidate>(
    `select priority, ${ROW_COLUMNS} from jobs where queue = ${READY} and type = ? order by priority desc, id limit ?`,
  )
  const saved = db.prepare<{ value: string }>('select value from checkpoints where id = ?')

  function take(row: Row, { worker, leaseMs }: ClaimArgs, now: number): ClaimOutcome {
    const epoch = row.epoch + 1
    const attempt = Math.max(1, row.attempt)
    const seq = row.head + 1
    log.lifecycle(row.id, seq, now, 'claimed', JSON.stringify({ worker, epoch, attempt, recoveries: row.recoveries }))
    jobs.change(row, {
      status: 'running',
      queue: NOT_QUEUED,
      queue_deadline: null,
      attempt,
      head: seq,
      epoch,
      lease_worker: worker,
      lease_expires: now + leaseMs,
      holds_key: row.key === null ? 0 : 1,
      started_at: row.started_at ?? now,
    })
    return { row: jobs.view(row.id), epoch, saved: saved.get(row.id)?.value ?? null }
  }

  return (args, now) => {
    const room = new Map(args.room.map(({ type, limit }) => [type, limit]))
    for (const type of room.keys()) keys.due(type, now)
    const claims: ClaimOutcome[] = []
    for (let again = true; again;) {
      again = false
      const candidates: Candidate[] = []
      for (const [type, limit] of room) if (limit > 0) candidates.push(...ready.all(type, limit))
      candidates.sort((a, b) => b.priority - a.priority || a.id - b.id)
      for (const row of candidates) {
        if (row.key !== null) {
          const holders = keys.holders(row.key)
          if (holders >= (row.key_limit ?? 1)) {
            keys.block(row.key, holders)
            // Others may be behind those that were just set aside.
            again = true
            continue
          }
        }
        claims.push(take(row, args, now))
        room.set(row.type, (room.get(row.type) ?? 0) - 1)
      }
    }
    return claims
  }
}
