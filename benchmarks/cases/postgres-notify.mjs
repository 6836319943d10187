import pg from 'pg'
import { seconds } from '../lib/clock.mjs'
import { SERVER_SETTINGS, withDatabase } from '../lib/postgres.mjs'
import { quantile } from '../lib/stats.mjs'

export const title = 'PostgreSQL: what a notification costs'
export const about = `Notifications of 1,000 bytes, one after the other by one connection, while more and more others listen, as each node does with one. The delay is until the last of them has heard it. ${SERVER_SETTINGS}.`

const NODES = [1, 10, 50, 100]
const TEXT = 'x'.repeat(1000)

export function contenders(quick) {
  const times = quick ? 300 : 1000
  return Object.fromEntries(NODES.map((nodes) => [`${nodes} ${nodes === 1 ? 'node' : 'nodes'}`, () => measure(nodes, times)]))
}

function measure(nodes, times) {
  return withDatabase(async (database) => {
    const connect = async () => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      return client
    }
    const sender = await connect()
    const listeners = await Promise.all(Array.from({ length: nodes }, connect))
    let missing = 0
    let heard
    for (const listener of listeners) {
      listener.on('notification', () => {
        missing -= 1
        if (missing === 0) heard()
      })
      await listener.query('listen news')
    }
    const delays = []
    const notify = async () => {
      missing = nodes
      const all = new Promise((resolve) => (heard = resolve))
      const start = seconds()
      await sender.query({ name: 'notify', text: "select pg_notify('news', $1)", values: [TEXT] })
      await all
      delays.push((seconds() - start) * 1000)
    }
    for (let time = 0; time < times / 10; time++) await notify()
    delays.length = 0
    const counted = await database.count()
    for (let time = 0; time < times; time++) await notify()
    const { cpu } = await counted()
    await Promise.all([sender, ...listeners].map((client) => client.end()))
    return {
      cost: (cpu / times) * 1e6,
      perNode: (cpu / times / nodes) * 1e6,
      delayP50: quantile(delays, 0.5),
      delayP99: quantile(delays, 0.99),
    }
  })
}

export const columns = [
  { key: 'cost', label: 'database, µs a notification' },
  { key: 'perNode', label: 'for each node, µs' },
  { key: 'delayP50', label: 'until all have it, median (ms)', digits: 1 },
  { key: 'delayP99', label: 'p99 (ms)', digits: 1 },
]

export function targets() {
  return []
}
