import { withChildren } from './child.mjs'
import { quantile } from './stats.mjs'
import { countCpu } from './threads.mjs'

const WARM_UP_EVENTS = 30
const CLIENTS = 'clients/watchers.mjs'

/**
 * Watches one job over many connections and measures how fast its events get there.
 *
 * @param server program in `servers/`
 * @param transport `sse` or `webSocket`
 * @returns deliveries a second, from the first event's start until the last watcher has the last event; CPU shares of the server's threads and of the clients
 */
export function fanOut(server, transport, { watchers, events, bytes, ahead }) {
  return withChildren([server, CLIENTS], async (source, clients) => {
    await connect(source, clients, transport, watchers)
    await send(source, clients, { events: WARM_UP_EVENTS, bytes, ahead })
    await assertCounts(clients, WARM_UP_EVENTS)
    const cpu = countCpu(source.pid, await source.call('threads'))
    const clientCpu = countCpu(clients.pid)
    const { start, last } = await send(source, clients, { events, bytes, ahead })
    const shares = cpu()
    const clientShare = total(clientCpu())
    await assertCounts(clients, WARM_UP_EVENTS + events)
    const rate = (watchers * events) / (last - start)
    return { rate, perCore: rate / total(shares), cpu: { ...shares, clients: clientShare } }
  })
}

/** The same, one event at a time: the next when all have it. Gives the delay from the event's start to each watcher, in milliseconds. */
export function latency(server, transport, { watchers, events, bytes }) {
  return withChildren([server, CLIENTS], async (source, clients) => {
    await connect(source, clients, transport, watchers)
    await send(source, clients, { events: WARM_UP_EVENTS, bytes })
    const delays = []
    for (let event = 0; event < events; event++) {
      const { start, arrivals } = await send(source, clients, { events: 1, bytes, withArrivals: true })
      for (const arrival of arrivals) delays.push((arrival - start) * 1000)
    }
    return { latencyP50: quantile(delays, 0.5), latencyP99: quantile(delays, 0.99) }
  })
}

/** Opens the watchers; resolves when all have read what was there before. */
export async function connect(source, clients, transport, watchers, more = {}) {
  await clients.call('connect', { ...(await source.call(transport)), count: watchers, ...more })
}

async function send(source, clients, { events, bytes, ahead, withArrivals }) {
  await clients.call('expect', { events, withArrivals })
  const reached = clients.call('reached')
  const { start } = await source.call('emit', { events, bytes, ahead })
  return { start, ...(await reached) }
}

/** @throws Error when a watcher has not got exactly so many events */
async function assertCounts(clients, events) {
  const { least, most } = await clients.call('counts')
  if (least !== events || most !== events) throw new Error(`The watchers have ${least} to ${most} events instead of ${events}.`)
}

function total(shares) {
  return Object.values(shares).reduce((sum, share) => sum + share, 0)
}
