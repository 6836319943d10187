import PgBoss from 'pg-boss'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { STORE_VARIABLE } from '../lib/headway-store.mjs'

// Empty jobs through pg-boss.

const QUEUE = 'empty'
/** How many jobs are taken and completed in one call, and by how many loops: the fastest of those that were tried. */
const BATCH = 500
const LOOPS = 2
/** How many jobs an `insert` holds. */
const BULK = 500

const boss = new PgBoss({ connectionString: process.env[STORE_VARIABLE], supervise: false, schedule: false })
boss.on('error', (error) => console.error(error))
await boss.start()
await boss.createQueue(QUEUE)

async function create({ jobs, creating, bulk }) {
  let left = jobs
  const creator = async () => {
    while (left > 0) {
      const count = bulk ? Math.min(BULK, left) : 1
      left -= count
      if (bulk) await boss.insert(Array.from({ length: count }, () => ({ name: QUEUE, data: {} })))
      else await boss.send(QUEUE, {})
    }
  }
  await Promise.all(Array.from({ length: bulk ? LOOPS : creating }, creator))
}

/** Takes, runs and completes until so many are done. `work()` does the same, and pauses for half a second between two batches. */
async function run(jobs) {
  let done = 0
  const loop = async () => {
    while (done < jobs) {
      const batch = await boss.fetch(QUEUE, { batchSize: BATCH })
      if (batch.length === 0) continue
      await boss.complete(
        QUEUE,
        batch.map(({ id }) => id),
      )
      done += batch.length
    }
  }
  await Promise.all(Array.from({ length: LOOPS }, loop))
}

answerCalls(
  {
    async emptyJobs(load) {
      const began = seconds()
      let created
      await Promise.all([create(load).then(() => (created = seconds())), run(load.jobs)])
      return { jobs: load.jobs / (seconds() - began), created: load.jobs / (created - began) }
    },
  },
  () => boss.stop({ graceful: false }),
)
