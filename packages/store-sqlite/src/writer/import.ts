import { NOT_QUEUED, READY, SCHEDULED } from '@headway/store-kit/rules'
import type { WriteOperations } from '../messages.js'
import type { Tools } from './tools.js'

type Do<Kind extends keyof WriteOperations> = (args: WriteOperations[Kind][0], now: number) => null

/** Takes what another store holds. Jobs that wait are set aside until `finish`. */
export function prepareImport({ db, jobs, log, tallies }: Tools): {
  clear: Do<'importClear'>
  jobs: Do<'importJobs'>
  events: Do<'importEvents'>
  keyValues: Do<'importKeyValues'>
  pastFigures: Do<'importPastFigures'>
  finish: Do<'importFinish'>
} {
  const insert = db.prepare<{ id: number }>(`insert into jobs
    (uuid, type, status, queue, priority, run_at, queue_timeout, queue_deadline, attempt, recoveries, max_recoveries, head, epoch, key, key_limit,
      holds_key, parent, progress, result, error, created_at, started_at, finished_at)
    values (?, ?, ?, ${NOT_QUEUED}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`)
  const details = db.prepare('insert into details (id, input, definition, retry_of) values (?, ?, ?, ?)')
  const checkpoint = db.prepare('insert into checkpoints (id, value) values (?, ?)')
  const remember = db.prepare('insert into idempotency (scope, key, fingerprint, job) values (?, ?, ?, ?)')
  const entry = db.prepare('insert into key_values (key, value, version, expires) values (?, ?, ?, ?)')
  // Versions go on growing from the highest that was taken.
  const version = db.prepare(`update counters set value = max(value, ?) where name = 'key_value_version'`)
  const pruned = db.prepare(
    `insert into tallies (type, status, jobs, pruned) values (?, ?, 0, ?)
     on conflict (type, status) do update set pruned = pruned + excluded.pruned`,
  )
  const minute = db.prepare('insert into minutes (at, created, completed, failed, cancelled) values (?, ?, ?, ?, ?)')
  const ready = db.prepare(
    `update jobs set queue = case when run_at > ? then ${SCHEDULED} else ${READY} end where status = 'queued' and queue = ${NOT_QUEUED}`,
  )
  const EVERYTHING = ['jobs', 'details', 'checkpoints', 'segments', 'garbage', 'idempotency', 'tallies', 'minutes', 'key_values']

  return {
    clear() {
      for (const table of EVERYTHING) db.exec(`delete from ${table}`)
      jobs.drop()
      return null
    },
    jobs(args) {
      for (const { job, segments } of args) {
        const [uuid, type, status, input, definition, progress, result, error, priority, attempt, recoveries, head, , ...rest] = job.row
        const [key, parent, retryOf, createdAt, runAt, startedAt, finishedAt] = rest
        const id = insert.get(
          ...([
            uuid,
            type,
            status,
            priority,
            runAt,
            job.queueTimeoutMs,
            job.queueDeadline,
            attempt,
            recoveries,
            job.maxRecoveries,
          ] as const),
          ...([head, job.epoch, key, job.keyLimit, job.holdsKey ? 1 : 0, parent, progress, result, error] as const),
          ...([createdAt, startedAt, finishedAt] as const),
        )?.id
        if (id === undefined) throw new Error(`Job ${uuid} got no row.`)
        details.run(id, input, definition, retryOf)
        if (job.checkpoint !== null) checkpoint.run(id, job.checkpoint)
        for (const { scope, key: name, fingerprint } of job.idempotency) remember.run(scope, name, fingerprint, id)
        for (const segment of segments) log.write(id, segment)
        tallies.change(type, status, 1)
      }
      return null
    },
    events({ jobId, segments }) {
      const row = jobs.find(jobId)
      if (row === undefined) throw new Error(`There is no job ${jobId} to take more of the log of.`)
      for (const segment of segments) log.write(row.id, segment)
      return null
    },
    keyValues(args) {
      for (const { key, value, version: number, expires } of args) {
        entry.run(key, value, number, expires)
        version.run(number)
      }
      return null
    },
    pastFigures(figures) {
      for (const one of figures.pruned) pruned.run(one.type, one.status, one.pruned)
      for (const { at, created, completed, failed, cancelled } of figures.minutes) minute.run(at, created, completed, failed, cancelled)
      return null
    },
    finish(_args, now) {
      ready.run(now)
      return null
    },
  }
}
