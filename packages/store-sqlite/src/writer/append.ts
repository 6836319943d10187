import { isTerminal } from '@headway/protocol'
import type { AppendMessage, AppendOutcome } from '../messages.js'
import { NO_LEASE, deadlineOf, isOwned } from './job-rows.js'
import type { Row } from './job-rows.js'
import { MAX_SEQ } from './log.js'
import { NOT_QUEUED, READY, SCHEDULED } from './queue.js'
import type { Tools } from './tools.js'

export function prepareAppend({ db, jobs, log }: Tools): (args: readonly AppendMessage[], now: number) => readonly AppendOutcome[] {
  const checkpoint = db.prepare('insert into checkpoints (id, value) values (?, ?) on conflict (id) do update set value = excluded.value')
  const save = db.prepare(`update jobs set head = ?, batch_id = ?, batch_epoch = ?, batch_base = ?, progress = coalesce(?, progress),
    result = coalesce(?, result), error = coalesce(?, error), recoveries = ?, request = ?, why = ? where id = ?`)

  function appendOne(append: AppendMessage, now: number): AppendOutcome {
    const row = jobs.find(append.jobId)
    if (row === undefined) return 'stale'
    const refused = fence(row, append, now)
    if (refused !== undefined) return refused
    for (const segment of append.segments) log.write(row.id, segment)
    if (append.checkpoint !== null) checkpoint.run(row.id, append.checkpoint)
    const head = append.base + append.count
    const fulfilled = append.fulfils !== null && append.fulfils === row.request
    const written: Row = {
      ...row,
      head,
      error: append.error ?? row.error,
      recoveries: append.checkpoint === null ? row.recoveries : 0,
      request: fulfilled ? null : row.request,
      why: fulfilled ? null : row.why,
    }
    save.run(
      head,
      append.batchId,
      append.epoch,
      append.base,
      append.progress,
      append.result,
      append.error,
      written.recoveries,
      written.request,
      written.why,
      row.id,
    )
    if (append.status !== null && isTerminal(append.status)) {
      jobs.change(written, { ...NO_LEASE, status: append.status, queue: NOT_QUEUED, finished_at: now })
    } else if (append.release !== null) {
      release(written, append.release, now)
    } else if (append.status !== null && append.status !== row.status) {
      jobs.change(written, { status: append.status })
    }
    return 'ok'
  }

  /** A cancel that was asked for wins over the return to the queue: nobody would be told of it there. */
  function release(row: Row, to: NonNullable<AppendMessage['release']>, now: number): void {
    if (row.request === 'cancel') {
      log.lifecycle(row.id, row.head + 1, now, 'cancelled', JSON.stringify({ reason: row.why ?? undefined }))
      jobs.change(row, {
        ...NO_LEASE,
        status: 'cancelled',
        head: row.head + 1,
        epoch: row.epoch + 1,
        attempt: to.attempt,
        finished_at: now,
      })
      return
    }
    jobs.change(row, {
      ...NO_LEASE,
      status: 'queued',
      queue: to.runAt > now ? SCHEDULED : READY,
      run_at: to.runAt,
      queue_deadline: deadlineOf(row, to.runAt),
      attempt: to.attempt,
    })
  }

  return (args, now) => args.map((append) => appendOne(append, now))
}

/** Whether the append may be written. `ok` where it was already: a repetition after an unknown outcome. */
function fence(row: Row, append: AppendMessage, now: number): AppendOutcome | undefined {
  if (row.batch_id === append.batchId && row.batch_epoch === append.epoch && row.batch_base === append.base) return 'ok'
  if (row.epoch !== append.epoch || row.lease_worker !== append.worker || !isOwned(row, now)) return 'stale'
  if (row.head !== append.base) return 'conflict'
  if (append.base + append.count > MAX_SEQ) throw new Error(`The log of job ${row.uuid} is full: it has ${row.head} events.`)
  return undefined
}
