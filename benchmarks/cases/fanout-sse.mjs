import { fanOut, latency } from '../lib/fan-out.mjs'

export const title = 'One job, 1,000 watchers over SSE'
export const about =
  'One event at a time: the next is sent when the one before is written to all (bare, better-sse) or committed (Headway). What Headway commits while many are written to goes out together in the next round; the delays are measured with one event at a time, where nothing can go together. Deliveries are counted until the last watcher has the last event.'

const PROGRAMS = { Headway: 'servers/headway.mjs', 'bare node:http': 'servers/bare-http.mjs', 'better-sse': 'servers/better-sse.mjs' }

export function contenders(quick) {
  const load = { watchers: 1000, bytes: 200, events: quick ? 150 : 500 }
  const paced = { ...load, events: quick ? 20 : 60 }
  const all = Object.entries(PROGRAMS).map(([name, program]) => [
    name,
    async () => ({ ...(await fanOut(program, 'sse', load)), ...(await latency(program, 'sse', paced)) }),
  ])
  return { ...Object.fromEntries(all), 'Headway, 16 events ahead': () => fanOut(PROGRAMS.Headway, 'sse', { ...load, ahead: 16 }) }
}

export const columns = [
  { key: 'rate', label: 'deliveries/s' },
  { key: 'perCore', label: 'deliveries per second of the server’s processor time' },
  { key: 'latencyP50', label: 'delay, median (ms)', digits: 1 },
  { key: 'latencyP99', label: 'delay, p99 (ms)', digits: 1 },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ ratio }) {
  return [
    { text: 'deliveries against a bare node:http loop', unit: 'times', measured: ratio('rate', 'Headway', 'bare node:http'), atLeast: 0.9 },
    { text: 'deliveries against better-sse', unit: 'times', measured: ratio('rate', 'Headway', 'better-sse'), atLeast: 1.7 },
  ]
}

/** Contenders that are drawn: each sends one event at a time. */
export const drawn = Object.keys(PROGRAMS)
