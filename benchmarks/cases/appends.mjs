import { withChildren } from '../lib/child.mjs'
import { countCpu } from '../lib/threads.mjs'

export const title = '100 jobs emit at once'
export const about =
  'Events of 200 bytes through the engine into SQLite, synchronous=FULL. Each job waits for the commit of every 64th event (or of each). The limits write the same segments in one thread, without an engine. The delay of the event loop is the main thread’s; the resolution of 1 ms is part of it.'

export function contenders(quick) {
  const load = { jobs: 100, events: quick ? 1280 : 5120, bytes: 200, ahead: 64 }
  const each = { ...load, events: quick ? 320 : 1280, ahead: 1 }
  return {
    Headway: () => engine(load),
    'Headway, each event awaited': () => engine(each),
    'SQLite alone': () => raw('sqlite', load),
    'file and fdatasync': () => raw('file', load),
  }
}

function engine(load) {
  return withChildren(['servers/engine.mjs'], async (child) => {
    await child.call('prepare', load)
    const cpu = countCpu(child.pid, await child.call('threads'))
    await child.call('watchDelay')
    const seconds = await child.call('emit', load)
    const { p50, p99, max } = await child.call('delay')
    return { rate: (load.jobs * load.events) / seconds, delayP50: p50, delayP99: p99, delayMax: max, cpu: cpu() }
  })
}

function raw(name, load) {
  return withChildren(['servers/raw-appends.mjs'], async (child) => {
    const cpu = countCpu(child.pid)
    return { ...(await child.call(name, load)), cpu: cpu() }
  })
}

export const columns = [
  { key: 'rate', label: 'events/s' },
  { key: 'delayP50', label: 'loop delay, median (ms)', digits: 1 },
  { key: 'delayP99', label: 'loop delay, p99 (ms)', digits: 1 },
  { key: 'delayMax', label: 'loop delay, longest (ms)', digits: 1 },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median }) {
  return [
    { text: 'events appended a second', unit: 'a second', measured: median('rate', 'Headway'), atLeast: 50_000 },
    { text: 'event-loop delay meanwhile, p99', unit: 'ms', measured: median('delayP99', 'Headway'), atMost: 10 },
  ]
}
