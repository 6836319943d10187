import { countBothSides } from '../lib/both-sides.mjs'
import { withChildren } from '../lib/child.mjs'
import { onPostgres } from '../lib/measure-on-postgres.mjs'
import { SERVER_SETTINGS } from '../lib/postgres.mjs'
import { countTree } from '../lib/process-tree.mjs'
import { withRedis } from '../lib/redis.mjs'

export const title = 'Progress and log lines on PostgreSQL and on Redis'
export const about = `Running jobs tell their progress and a log line of 120 bytes in turns: \`ctx.progress\` and \`ctx.log\`, and BullMQ’s \`job.updateProgress\` and \`job.log\`. Each job waits for each, or for 16 at once. Redis is Debian’s, with an append-only file that is on the disk once a second, as BullMQ recommends, or before each answer, which is what the PostgreSQL store promises. ${SERVER_SETTINGS}.`

const BYTES = 120
const AHEAD = 16
const LOADS = {
  '100 jobs': { jobs: 100, ahead: 1 },
  '1,000 jobs': { jobs: 1000, ahead: 1 },
  '100 jobs, 16 at once': { jobs: 100, ahead: AHEAD },
}
const EVENTS = 60_000
const QUICK_EVENTS = 20_000

const loud = (each) => Object.entries(LOADS).map(([name, load]) => each(name, load))

export function contenders(quick) {
  const total = quick ? QUICK_EVENTS : EVENTS
  const eventsOf = ({ jobs, ahead }) => Math.ceil(total / jobs / ahead) * ahead
  return Object.fromEntries(
    loud((name, load) => {
      const all = { ...load, events: eventsOf(load), bytes: BYTES, kind: 'progress' }
      return [
        [`Headway: ${name}`, () => headway(all)],
        [`BullMQ: ${name}`, () => bullmq('everysec', all)],
        [`BullMQ, on the disk: ${name}`, () => bullmq('always', all)],
      ]
    }).flat(),
  )
}

function headway(load) {
  return onPostgres('servers/paced-engine.mjs', async (child, count) => {
    const { wal: _, ...figures } = await measure(child, count, load)
    return figures
  })
}

function bullmq(fsync, load) {
  return withRedis(fsync, ({ port, pid }) =>
    withChildren(
      ['servers/bullmq.mjs'],
      (child) => {
        const count = () => {
          const redis = countTree(pid)
          return countBothSides(child, 'redis', () => ({ cpu: redis() }))
        }
        return measure(child, count, load)
      },
      { HEADWAY_BENCH_REDIS: String(port) },
    ),
  )
}

async function measure(child, count, load) {
  await child.call('prepare', load)
  // Compiles the code, which takes as long as tens of thousands of events, here and there.
  await child.call('loop', { ...load, events: Math.ceil(load.events / 2 / load.ahead) * load.ahead })
  const counted = await count()
  const { events, ...figures } = await child.call('loop', load)
  return { ...figures, ...(await counted(events)) }
}

export const columns = [
  { key: 'rate', label: 'events/s' },
  { key: 'ackP50', label: 'acknowledged after, median (ms)', digits: 1 },
  { key: 'ackP99', label: 'p99 (ms)', digits: 1 },
  { key: 'perCore', label: 'events per second of processor time, both sides' },
  { key: 'nodeCost', label: 'node, µs an event', digits: 1 },
  { key: 'databaseCost', label: 'database, µs an event', digits: 1 },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ ratio }) {
  return loud((name) =>
    ['BullMQ', 'BullMQ, on the disk'].map((peer) => ({
      text: `events per core against ${peer}, ${name}`,
      unit: 'times',
      measured: ratio('perCore', `Headway: ${name}`, `${peer}: ${name}`),
      atLeast: 1,
    })),
  ).flat()
}
