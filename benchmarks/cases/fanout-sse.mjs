import { fanOutCase } from '../lib/fan-out-case.mjs'

export const title = 'One job, 1,000 watchers over SSE'
export const about =
  'One event at a time: the next is sent when the one before is written to all (bare, better-sse) or committed (Headway). What Headway commits while many are written to goes out together in the next round; the delays are measured with one event at a time, where nothing can go together. Deliveries are counted until the last watcher has the last event.'

export const { contenders, columns } = fanOutCase('sse', {
  Headway: 'servers/headway.mjs',
  'bare node:http': 'servers/bare-http.mjs',
  'better-sse': 'servers/better-sse.mjs',
})

export function targets({ ratio }) {
  return [
    { text: 'deliveries against a bare node:http loop', unit: 'times', measured: ratio('rate', 'Headway', 'bare node:http'), atLeast: 0.9 },
    { text: 'deliveries against better-sse', unit: 'times', measured: ratio('rate', 'Headway', 'better-sse'), atLeast: 1.7 },
  ]
}
