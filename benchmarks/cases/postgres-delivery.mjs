import { startChild, withChildren } from '../lib/child.mjs'
import { countBothSides } from '../lib/both-sides.mjs'
import { STORE_VARIABLE } from '../lib/headway-store.mjs'
import { SERVER_SETTINGS, withDatabase } from '../lib/postgres.mjs'

export const title = 'From one node to 1,000 watchers of another'
export const about = `Two nodes share a database. One runs the jobs and emits events at a steady pace; the other runs none and serves 1,000 watchers over HTTP. The delay is from before \`emit\` on the one until a watcher of the other has read the event; the acknowledgement is when \`emit\` resolved. Both nodes, the clients and PostgreSQL share the machine. ${SERVER_SETTINGS}.`

const WATCHERS = 1000
const BYTES = 120
const WARM_UP_EVENTS = 100

const LOADS = {
  'one job, 10 events/s, SSE': { transport: 'sse', jobs: 1, rate: 10 },
  'one job, 10 events/s, WebSocket': { transport: 'webSocket', jobs: 1, rate: 10 },
  '1,000 jobs, 1,000 events/s, SSE': { transport: 'sse', jobs: 1000, rate: 1000 },
  '1,000 jobs, 1,000 events/s, WebSocket': { transport: 'webSocket', jobs: 1000, rate: 1000 },
}

export function contenders(quick) {
  const lasts = quick ? 5 : 20
  return Object.fromEntries(Object.entries(LOADS).map(([name, load]) => [name, () => measure({ ...load, lasts })]))
}

function measure({ transport, jobs, rate, lasts }) {
  return withDatabase((database) =>
    withChildren(
      ['servers/cluster-node.mjs', 'clients/watchers.mjs'],
      async (worker, clients) => {
        const api = startChild('servers/cluster-node.mjs', { [STORE_VARIABLE]: database.url, HEADWAY_BENCH_WORK: 'none' })
        try {
          const ids = await worker.call('prepare', { jobs })
          for (const id of ids) await clients.call('connect', { ...(await api.call(transport, { id })), count: WATCHERS / jobs })
          // Compiles the code.
          await paced({ worker, clients }, { rate, jobs, events: Math.max(WARM_UP_EVENTS / 2, rate) })
          await clients.call('timeEvents')
          const events = rate * lasts
          const counted = countBothSides(api, 'postgres', await database.count())
          const { ackP50, ackP99 } = await paced({ worker, clients }, { rate, jobs, events })
          const { cpu, databaseCost } = await counted(events)
          const { p50, p99, count } = await clients.call('delays')
          const expected = (events * WATCHERS) / jobs
          if (count !== expected) throw new Error(`${count} events came instead of ${expected}.`)
          return { ackP50, ackP99, delayP50: p50, delayP99: p99, databaseCost, cpu }
        } finally {
          await api.stop()
        }
      },
      { [STORE_VARIABLE]: database.url, HEADWAY_BENCH_WORK: 'all' },
    ),
  )
}

/** Emits, and waits until every watcher has all. */
async function paced({ worker, clients }, { rate, jobs, events }) {
  await clients.call('expect', { events: events / jobs })
  const reached = clients.call('reached')
  const acknowledged = await worker.call('pace', { rate, events, bytes: BYTES })
  await reached
  return acknowledged
}

export const columns = [
  { key: 'delayP50', label: 'emitted until read by a watcher of the other node, median (ms)', digits: 1 },
  { key: 'delayP99', label: 'p99 (ms)', digits: 1 },
  { key: 'ackP50', label: 'emitted until acknowledged, median (ms)', digits: 1 },
  { key: 'ackP99', label: 'p99 (ms)', digits: 1 },
  { key: 'databaseCost', label: 'database, µs an event' },
  { key: 'cpu', label: 'processor of the delivering node and the database, in cores' },
]

export function targets({ median }) {
  return Object.keys(LOADS).map((name) => ({
    text: `until a watcher of another node has it, median, ${name}`,
    unit: 'ms',
    measured: median('delayP50', name),
    atMost: 50,
  }))
}
