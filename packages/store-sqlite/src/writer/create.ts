import { BLOCKED, READY, SCHEDULED, createdData, newJobRow } from '@headway/store-kit/rules'
import type { NewJobMessage } from '@headway/store-kit/rules'
import type { CreateOutcome } from '../messages.js'
import type { Tools } from './tools.js'

export function prepareCreate({
  db,
  jobs,
  keys,
  log,
  tallies,
}: Tools): (args: readonly NewJobMessage[], now: number) => readonly CreateOutcome[] {
  const byKey = db.prepare<{ job: number; fingerprint: string }>('select job, fingerprint from idempotency where scope = ? and key = ?')
  const byId = db.prepare<{ id: number }>('select id from jobs where uuid = ?')
  const remember = db.prepare('insert into idempotency (scope, key, fingerprint, job) values (?, ?, ?, ?)')
  const details = db.prepare('insert into details (id, input, definition, retry_of) values (?, ?, ?, ?)')
  const insert = db.prepare<{ id: number }>(`insert into jobs
    (uuid, type, status, queue, priority, run_at, queue_timeout, queue_deadline, max_recoveries, head, key, key_limit, parent, created_at)
    values (?, ?, 'queued', ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?) on conflict (uuid) do nothing returning id`)

  function createOne(job: NewJobMessage, now: number): CreateOutcome {
    const { idempotency } = job
    const same = idempotency === null ? undefined : byKey.get(idempotency.scope, idempotency.key)
    if (same !== undefined) {
      const sameRequest = same.fingerprint === idempotency?.fingerprint
      return { created: false, row: jobs.view(same.job), matched: 'idempotency', sameRequest }
    }
    const runAt = job.runAt ?? now
    const id = insert.get(
      job.id,
      job.type,
      queueOf(job, runAt, now),
      job.priority,
      runAt,
      job.queueTimeoutMs,
      job.queueTimeoutMs === null ? null : runAt + job.queueTimeoutMs,
      job.maxRecoveries,
      job.key,
      job.keyLimit,
      job.parentId,
      now,
    )?.id
    if (id === undefined) {
      const existing = byId.get(job.id)?.id
      if (existing === undefined) throw new Error('A new job got no row.')
      return { created: false, row: jobs.view(existing), matched: 'id', sameRequest: false }
    }
    details.run(id, job.input, job.definition, job.retryOf)
    if (idempotency !== null) remember.run(idempotency.scope, idempotency.key, idempotency.fingerprint, id)
    log.lifecycle(id, 1, now, { type: 'created', data: createdData(job) })
    tallies.change(job.type, 'queued', 1)
    tallies.countInMinute('created', now)
    return { created: true, row: newJobRow(job, runAt, now) }
  }

  function queueOf(job: NewJobMessage, runAt: number, now: number): number {
    if (runAt > now) return SCHEDULED
    return job.key !== null && keys.holders(job.key) >= (job.keyLimit ?? 1) ? BLOCKED : READY
  }

  return (args, now) => args.map((job) => createOne(job, now))
}
