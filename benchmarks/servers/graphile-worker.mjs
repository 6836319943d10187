import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { STORE_VARIABLE } from '../lib/headway-store.mjs'

// Empty jobs through graphile-worker.

/** As its page on performance has them. */
const CONCURRENCY = 24
const POOL = 25
/** How many jobs an `add_jobs` holds. */
const BULK = 500
const BULK_CREATORS = 2

const connectionString = process.env[STORE_VARIABLE]
const logger = new Logger(() => () => undefined)
const utils = await makeWorkerUtils({ connectionString, logger, maxPoolSize: POOL })
await utils.migrate()

let completed = 0
let target = Infinity
let reached = () => undefined
const runner = await run({ connectionString, logger, concurrency: CONCURRENCY, maxPoolSize: POOL, taskList: { empty: () => undefined } })
runner.events.on('job:complete', () => {
  completed += 1
  if (completed >= target) reached()
})

const ADD_JOBS = `select 1 from graphile_worker.add_jobs(array(
  select row('empty', '{}'::json, null, null, null, null, null, null)::graphile_worker.job_spec from generate_series(1, $1)))`

async function create({ jobs, creating, bulk }) {
  let left = jobs
  const creator = async () => {
    while (left > 0) {
      const count = bulk ? Math.min(BULK, left) : 1
      left -= count
      if (bulk) await utils.withPgClient((client) => client.query(ADD_JOBS, [count]))
      else await utils.addJob('empty', {})
    }
  }
  await Promise.all(Array.from({ length: bulk ? BULK_CREATORS : creating }, creator))
}

answerCalls(
  {
    async emptyJobs(load) {
      target = completed + load.jobs
      const over = new Promise((resolve) => (reached = resolve))
      const began = seconds()
      await create(load)
      const created = seconds()
      await over
      return { jobs: load.jobs / (seconds() - began), created: load.jobs / (created - began) }
    },
  },
  async () => {
    await runner.stop()
    await utils.release()
  },
)
