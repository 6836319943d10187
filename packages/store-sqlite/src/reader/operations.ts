import type { JobCounts } from '@headway/core'
import type { Database } from '@headway/sqlite'
import { SCHEDULED } from '@headway/store-kit/rules'
import type { JobRow } from '@headway/store-kit/rules'
import type { ReadAnswerOf, ReadKind, ReadOperation, ReadOperations } from '../messages.js'
import { JOB_COLUMNS, JOB_TABLES } from '../rows.js'
import { prepareExport } from './export.js'
import { prepareFigures } from './figures.js'
import { prepareList } from './list.js'
import { prepareReadPage } from './read-page.js'

/** After whatever a key can have after its prefix: more of the last character than a key is long. */
const LAST_OF_ALL = '\u{10ffff}'.repeat(512)

type Operations = { readonly [Kind in ReadKind]: (args: ReadOperations[Kind][0], now: number) => ReadOperations[Kind][1] }

/** Everything that the reader can do, with its statements prepared. The answer runs one operation in a snapshot of its own. */
export function prepareReads(db: Database): (operation: ReadOperation, now: number) => ReadAnswerOf {
  const begin = db.prepare('begin')
  const end = db.prepare('commit')
  const operations = prepareOperations(db)
  return (operation, now) => {
    begin.run()
    try {
      return (operations[operation.kind] as (args: ReadOperation['args'], at: number) => ReadAnswerOf)(operation.args, now)
    } finally {
      end.run()
    }
  }
}

function prepareOperations(db: Database): Operations {
  const get = db.prepareTuples<JobRow>(`select ${JOB_COLUMNS} from ${JOB_TABLES} where j.uuid = ?`)
  const findByKey = db.prepareTuples<JobRow>(
    `select ${JOB_COLUMNS} from idempotency i join jobs j on j.id = i.job join details d on d.id = j.id where i.scope = ? and i.key = ?`,
  )
  const counts = db.prepare<JobCounts>(
    'select type, status, jobs as count, pruned from tallies where jobs <> 0 or pruned <> 0 order by type, status',
  )
  const nextDue = db.prepare<{ at: number | null }>(
    `select min(run_at) as at from jobs where queue = ${SCHEDULED} and type = ? and run_at > ?`,
  )
  const held = db.prepare<{ epoch: number }>(
    'select epoch from jobs where uuid = ? and epoch = ? and lease_worker is not null and lease_expires > ?',
  )
  const value = db.prepare<{ value: string; version: number }>(
    'select value, version from key_values where key = ? and (expires is null or expires > ?)',
  )
  const keys = db.prepare<{ key: string }>(
    'select key from key_values where key between ? and ? and (expires is null or expires > ?) order by key limit ?',
  )
  const check = db.prepare('select count(*) from counters')
  const exports = prepareExport(db)
  return {
    get: (id) => get.get(id) ?? null,
    findByKey: ({ scope, key }) => findByKey.get(scope, key) ?? null,
    list: prepareList(db),
    counts: () => counts.all(),
    figures: prepareFigures(db),
    dueIn(types, now) {
      const times = types.map((type) => nextDue.get(type, now)?.at ?? Infinity)
      const first = Math.min(Infinity, ...times)
      return first === Infinity ? null : first - now
    },
    held: (runs, now) => runs.map(({ jobId, epoch }) => held.get(jobId, epoch, now) !== undefined),
    read: prepareReadPage(db),
    contents: (_args, now) => exports.contents(now),
    exportJobs: exports.jobs,
    exportKeyValues: exports.keyValues,
    exportPastFigures: exports.pastFigures,
    kvGet: (key, now) => value.get(key, now) ?? null,
    kvKeys: ({ prefix, limit }, now) => keys.all(prefix, prefix + LAST_OF_ALL, now, limit).map(({ key }) => key),
    check() {
      check.get()
      return null
    },
  }
}
