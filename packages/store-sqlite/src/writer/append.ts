import type { AppendMessage, AppendOutcome } from '../messages.js'
import { NO_LEASE, deadlineOf, isOwned } from './job-rows.js'
import type { Output, Row } from './job-rows.js'
import { MAX_SEQ } from './log.js'
import { READY, SCHEDULED } from './queue.js'
import type { Tools } from './tools.js'

export function prepareAppend({ db, jobs, log }: Tools): (args: readonly AppendMessage[], now: number) => readonly AppendOutcome[] {
  const checkpoint = db.prepare('insert into checkpoints (id, value) values (?, ?) on conflict (id) do update set value = excluded.value')

  function appendOne(append: AppendMessage, now: number): AppendOutcome {
    const row = jobs.find(append.jobId)
    if (row === undefined) return 'stale'
    const refused = fence(row, append, now)
    if (refused !== undefined) return refused
    for (const segment of append.segments) log.write(row.id, segment)
    const changes: Partial<Mutable<Row>> = {
      head: append.base + append.count,
      batch_id: append.batchId,
      batch_epoch: append.epoch,
      batch_base: append.base,
    }
    if (append.checkpoint !== null) {
      checkpoint.run(row.id, append.checkpoint)
      changes.recoveries = 0
    }
    if (append.fulfils !== null && append.fulfils === row.request) Object.assign(changes, NO_REQUEST)
    // It was withdrawn while this append was under way, and whoever did so was told that it is done.
    else if (append.fulfils !== null && row.request === null) changes.request = append.fulfils === 'pause' ? 'resume' : 'pause'
    if (append.release !== null) release(row, append.release, changes, now)
    else if (append.status !== null && append.ends) {
      Object.assign(changes, NO_LEASE)
      changes.status = append.status
      changes.finished_at = now
    } else if (append.status !== null) changes.status = append.status
    jobs.change(row, changes, outputOf(append))
    return 'ok'
  }

  function release(row: Row, to: NonNullable<AppendMessage['release']>, changes: Partial<Mutable<Row>>, now: number): void {
    Object.assign(changes, NO_LEASE)
    changes.attempt = to.attempt
    if (row.request === 'cancel') {
      // A cancel that was asked for wins over the return to the queue: nobody would be told of it there.
      changes.head = (changes.head ?? row.head) + 1
      log.lifecycle(row.id, changes.head, now, 'cancelled', JSON.stringify({ reason: row.why ?? undefined }))
      changes.status = 'cancelled'
      changes.epoch = row.epoch + 1
      changes.finished_at = now
      return
    }
    changes.run_at = to.runAt
    const staysPaused = row.request === 'pause' || (row.status === 'paused' && row.request !== 'resume')
    if (staysPaused) {
      // Who paused a job wants it to rest, also when its server stops. Like any paused job it keeps its place of the concurrency key.
      changes.head = (changes.head ?? row.head) + 1
      log.lifecycle(row.id, changes.head, now, 'paused', JSON.stringify({ reason: row.why ?? undefined }))
      changes.status = 'paused'
      changes.holds_key = row.holds_key
      return
    }
    changes.status = 'queued'
    changes.queue = to.runAt > now ? SCHEDULED : READY
    changes.queue_deadline = deadlineOf(row, to.runAt)
  }

  return (args, now) => args.map((append) => appendOne(append, now))
}

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] }

const NO_REQUEST = { request: null, why: null } as const

function outputOf({ progress, result, error }: AppendMessage): Output {
  const output: Output = {}
  if (progress !== null) output.progress = progress
  if (result !== null) output.result = result
  if (error !== null) output.error = error
  return output
}

/** Whether the append may be written. `ok` where it was already: a repetition after an unknown outcome. */
function fence(row: Row, append: AppendMessage, now: number): AppendOutcome | undefined {
  if (row.batch_id === append.batchId && row.batch_epoch === append.epoch && row.batch_base === append.base) return 'ok'
  if (row.epoch !== append.epoch || row.lease_worker !== append.worker || !isOwned(row, now)) return 'stale'
  if (row.head !== append.base) return 'conflict'
  if (append.base + append.count > MAX_SEQ) throw new Error(`The log of job ${row.uuid} is full: it has ${row.head} events.`)
  return undefined
}
