// An hour of small jobs, so that a server with demo data has something to show of the last hour: they are run beforehand, on the same data
// folder, with the store's clock set back.
import { setTimeout as wait } from 'node:timers/promises'
import { createEngine, defineJob } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { z } from 'zod'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** How many jobs come in each minute, by turns, of which type, and whose versions fail. */
const COMING = [3, 2, 4, 1, 5, 6, 3, 2, 0, 4, 7, 3]
const TYPES = ['check-integrity', 'sync-native', 'sync-facebook', 'update-reuse']
const FAILING = 13

/** Fills a data folder that no server uses. @param folder of the server that comes after */
export async function makeHistory(folder) {
  const timeOffset = new Float64Array(new SharedArrayBuffer(8))
  timeOffset[0] = -HOUR_MS
  const stores = await openSqliteStores({ folder, timeOffset })
  const engine = createEngine({ stores, jobTypes: TYPES.map(smallJob) })
  await engine.start()
  let count = 0
  for (let minute = 0; minute < 59; minute += 1) {
    const jobs = []
    for (let n = COMING[minute % COMING.length]; n > 0; n -= 1) {
      count += 1
      const type = TYPES[count % TYPES.length]
      const { job } = await engine.create(type, { version: `v${860 + (count % 26)}` })
      jobs.push(job.id)
    }
    for (const id of jobs) while (!['completed', 'failed'].includes((await engine.get(id)).status)) await wait(5)
    timeOffset[0] += MINUTE_MS
  }
  await engine.close()
  await stores.close()
}

function smallJob(name) {
  return defineJob({
    name,
    input: z.object({ version: z.string() }),
    async run({ version }, ctx) {
      await ctx.progress({ done: 50, total: 50, message: '50 of 50 files' })
      if (Number(version.slice(1)) % FAILING === 0) throw new Error(`Two files of ${version} are not as the manifest says.`)
      return { success: true }
    },
  })
}
