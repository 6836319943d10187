import { withChildren } from '../lib/child.mjs'
import { seconds } from '../lib/clock.mjs'
import { connect } from '../lib/fan-out.mjs'
import { countCpu } from '../lib/threads.mjs'

export const title = '1,000 stalled watchers of a busy job'
export const about =
  'SSE clients that do not read while the job emits 50 MB in events of 8 KB; then all read on. Growth is resident memory after forced collections, against that with the idle watchers; the peak is without a collection.'

/** One run takes long and its figures hardly differ. */
export const maxRuns = 1

const EVENT_BYTES = 8 * 1024
const MIB = 1024 * 1024

export function contenders(quick) {
  return { Headway: () => stalled({ watchers: 1000, events: quick ? 1280 : 6400 }) }
}

function stalled({ watchers, events }) {
  return withChildren(['servers/headway.mjs', 'clients/watchers.mjs'], async (source, clients) => {
    await connect(source, clients, 'sse', watchers, { stalls: true })
    const idle = await source.call('memory')
    await source.call('emit', { events, bytes: EVENT_BYTES, ahead: 64 })
    const busy = await source.call('rss')
    const stalled = await source.call('memory')
    await clients.call('expect', { events })
    const cpu = countCpu(source.pid, await source.call('threads'))
    const start = seconds()
    await clients.call('readOn')
    const { last } = await clients.call('reached')
    const elapsed = last - start
    const shares = cpu()
    // Time for a repetition to show.
    const reading = await source.call('rss')
    const { least, most } = await clients.call('counts')
    return {
      growth: (stalled.rss - idle.rss) / MIB,
      peak: (Math.max(busy, reading) - idle.rss) / MIB,
      least: least / events,
      most: most / events,
      rate: (watchers * events) / elapsed,
      mib: (watchers * events * EVENT_BYTES) / MIB / elapsed,
      cpu: shares,
    }
  })
}

export const columns = [
  { key: 'growth', label: 'growth while stalled (MiB)', digits: 1 },
  { key: 'peak', label: 'highest growth seen (MiB)', digits: 1 },
  { key: 'rate', label: 'deliveries/s once they read' },
  { key: 'mib', label: 'MiB/s once they read' },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median, least, most }) {
  return [
    { text: 'growth of the server', unit: 'MiB', measured: median('growth', 'Headway'), atMost: 64 },
    { text: 'events that the last watcher got, of all', unit: 'times', measured: least('least', 'Headway'), atLeast: 1 },
    { text: 'events that a watcher got at most, of all', unit: 'times', measured: most('most', 'Headway'), atMost: 1 },
  ]
}
