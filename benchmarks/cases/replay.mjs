import { withChildren } from '../lib/child.mjs'
import { countCpu } from '../lib/threads.mjs'

export const title = 'Replay of a log'
export const about = 'A finished log of 100,000 events of 200 bytes, followed from its start inside the process, five times.'

const EVENTS = 100_000
/** One time takes a fifth of a second, which is too little to measure. */
const TIMES = 5

export function contenders() {
  return { 'seq of each event': () => replay(false), 'data of each event': () => replay(true) }
}

function replay(withData) {
  return withChildren(['servers/engine.mjs'], async (child) => {
    const { id } = await child.call('makeLog', { events: EVENTS, bytes: 200 })
    // The first times compile the code.
    await child.call('replay', { id, withData, times: 2 })
    const cpu = countCpu(child.pid, await child.call('threads'))
    return { rate: await child.call('replay', { id, withData, times: TIMES }), cpu: cpu() }
  })
}

export const columns = [
  { key: 'rate', label: 'events/s' },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median }) {
  return [{ text: 'events replayed a second', unit: 'a second', measured: median('rate', 'seq of each event'), atLeast: 300_000 }]
}
