import { DatabaseSync } from '@photostructure/sqlite'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { dataFolder } from '../lib/engine.mjs'
import { dataOfSize, lineOf } from '../lib/payload.mjs'

// What the disk and the database could do: the same segments without an engine.

const { folder, remove } = await dataFolder()

/** The lines of one segment: `ahead` events. */
function segment(ahead, bytes) {
  const line = lineOf(100_000, 'line', dataOfSize(bytes))
  return Array.from({ length: ahead }, () => line).join('\n')
}

/** Events a second of `commit`, called for each commit with its number. */
function measure({ jobs, events, ahead }, commit) {
  const began = seconds()
  const commits = Math.ceil(events / ahead)
  for (let number = 0; number < commits; number++) commit(number)
  return { rate: (jobs * events) / (seconds() - began) }
}

answerCalls(
  {
    threads: () => ({}),
    /** Each commit holds a segment of each job, in a table like the store's, with its settings. */
    sqlite({ jobs, events, bytes, ahead }) {
      const db = new DatabaseSync(join(folder, 'raw.db'))
      db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000')
      db.exec('create table segments (id integer primary key, first integer not null, lines text not null) strict')
      const [begin, commit] = [db.prepare('begin immediate'), db.prepare('commit')]
      const insert = db.prepare('insert into segments (id, first, lines) values ((? << 32) | ?, ?, ?)')
      const lines = segment(ahead, bytes)
      const result = measure({ jobs, events, ahead }, (number) => {
        begin.run()
        for (let job = 1; job <= jobs; job++) insert.run(job, (number + 1) * ahead, number * ahead + 1, lines)
        commit.run()
      })
      db.close()
      return result
    },
    /** Each commit is one write of all jobs' lines and one fdatasync. */
    file({ jobs, events, bytes, ahead }) {
      const file = openSync(join(folder, 'raw.log'), 'a')
      const buffer = Buffer.from(Array.from({ length: jobs }, () => segment(ahead, bytes)).join('\n'))
      const result = measure({ jobs, events, ahead }, () => {
        writeSync(file, buffer)
        fdatasyncSync(file)
      })
      closeSync(file)
      return result
    },
  },
  remove,
)
