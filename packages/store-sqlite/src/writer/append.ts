import { appended, fence } from '@headway/store-kit/rules'
import type { AppendMessage, AppendOutcome } from '@headway/store-kit/rules'
import { MAX_SEQ } from './log.js'
import type { Tools } from './tools.js'

export function prepareAppend({ db, apply, jobs, log }: Tools): (args: readonly AppendMessage[], now: number) => readonly AppendOutcome[] {
  const checkpoint = db.prepare('insert into checkpoints (id, value) values (?, ?) on conflict (id) do update set value = excluded.value')

  function appendOne(append: AppendMessage, now: number): AppendOutcome {
    const row = jobs.find(append.jobId)
    if (row === undefined) return 'stale'
    const refused = fence(row, append, now)
    if (refused !== undefined) return refused
    const head = append.base + append.count
    if (head > MAX_SEQ) throw new Error(`The log of job ${row.uuid} is full: it has ${row.head} events.`)
    for (const segment of append.segments) log.write(row.id, segment)
    if (append.checkpoint !== null) checkpoint.run(row.id, append.checkpoint)
    apply(row, appended(row, append, now), now, head)
    return 'ok'
  }

  return (args, now) => args.map((append) => appendOne(append, now))
}
