import { setTimeout as wait } from 'node:timers/promises'
import { followNdjson } from './ndjson.mjs'
import { followPoll } from './poll.mjs'
import { runWatcher } from './run-watcher.mjs'
import { followSse } from './sse.mjs'

/** How long after a job's creation a watcher comes at most, in milliseconds. */
const LATEST_MS = 2_000

/** Sets one watcher of each transport on a job. Resolves when all but the socket's have its terminal event. */
export async function watchJob(job, { server, sockets, random, stop }) {
  const follow = async (transport, connect) => {
    const watcher = job.watcher(transport)
    if (random.chance(0.5)) await wait(random.between(0, LATEST_MS))
    await runWatcher({ watcher, connect: (signal) => connect(server, watcher, signal, random), random, stop })
  }
  sockets.add(job.watcher('socket'))
  await Promise.all([follow('sse', followSse), follow('ndjson', followNdjson), follow('poll', followPoll)])
}
