import { fanOut, latency } from '../lib/fan-out.mjs'

export const title = 'One job, 1,000 watchers over WebSocket'
export const about = 'As over SSE. `ws` sends one ready buffer for each event, without compression.'

const PROGRAMS = { Headway: 'servers/headway.mjs', 'bare ws': 'servers/bare-ws.mjs' }

export function contenders(quick) {
  const load = { watchers: 1000, bytes: 200, events: quick ? 150 : 500 }
  const paced = { ...load, events: quick ? 20 : 60 }
  const all = Object.entries(PROGRAMS).map(([name, program]) => [
    name,
    async () => ({ ...(await fanOut(program, 'webSocket', load)), ...(await latency(program, 'webSocket', paced)) }),
  ])
  return { ...Object.fromEntries(all), 'Headway, 16 events ahead': () => fanOut(PROGRAMS.Headway, 'webSocket', { ...load, ahead: 16 }) }
}

export const columns = [
  { key: 'rate', label: 'deliveries/s' },
  { key: 'perCore', label: 'deliveries per second of the server’s processor time' },
  { key: 'latencyP50', label: 'delay, median (ms)', digits: 1 },
  { key: 'latencyP99', label: 'delay, p99 (ms)', digits: 1 },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ ratio }) {
  return [{ text: 'deliveries against bare ws', unit: 'times', measured: ratio('rate', 'Headway', 'bare ws'), atLeast: 0.9 }]
}

/** Contenders that are drawn: each sends one event at a time. */
export const drawn = Object.keys(PROGRAMS)
