import { onPostgres } from '../lib/measure-on-postgres.mjs'
import { SERVER_SETTINGS } from '../lib/postgres.mjs'

export const title = 'Empty jobs on PostgreSQL'
export const about = `Created, taken, run and completed in one process. One by one: 256 creations under way at a time, as requests bring them. In bulk: 500 in a call. Headway runs 100 at a time, and keeps a log of each job; pg-boss takes and completes 500 at a time in two loops, without the pauses of its \`work\`; graphile-worker runs 24 at a time, as its page on performance has it, and removes a job that is done. ${SERVER_SETTINGS}.`

const CONTENDERS = { Headway: 'servers/engine.mjs', 'pg-boss': 'servers/pg-boss.mjs', 'graphile-worker': 'servers/graphile-worker.mjs' }
const CREATING = 256
const BULK = 'in bulk'

export function contenders(quick) {
  const jobs = quick ? 3000 : 12_000
  return Object.fromEntries(
    Object.entries(CONTENDERS).flatMap(([name, program]) => [
      [name, () => measure(program, { jobs, creating: CREATING, bulk: false })],
      [`${name}, ${BULK}`, () => measure(program, { jobs, creating: CREATING, bulk: true })],
    ]),
  )
}

function measure(program, load) {
  return onPostgres(program, async (child, count) => {
    // Compiles the code.
    await child.call('emptyJobs', { ...load, jobs: Math.ceil(load.jobs / 3) })
    const counted = await count()
    const { jobs: rate, created } = await child.call('emptyJobs', load)
    const { wal, ...both } = await counted(load.jobs)
    return { rate, created, ...both, walPerJob: wal / load.jobs }
  })
}

export const columns = [
  { key: 'rate', label: 'jobs/s' },
  { key: 'created', label: 'creations/s' },
  { key: 'perCore', label: 'jobs per second of processor time, both sides' },
  { key: 'nodeCost', label: 'node, µs a job' },
  { key: 'databaseCost', label: 'database, µs a job' },
  { key: 'walPerJob', label: 'log of the database, bytes a job' },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ ratio }) {
  return ['', `, ${BULK}`].flatMap((how) =>
    ['pg-boss', 'graphile-worker'].map((peer) => ({
      text: `jobs per core against ${peer}${how === '' ? ', one by one' : how}`,
      unit: 'times',
      measured: ratio('perCore', `Headway${how}`, `${peer}${how}`),
      atLeast: 1,
    })),
  )
}
