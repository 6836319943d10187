import { fanOutCase } from '../lib/fan-out-case.mjs'

export const title = 'One job, 1,000 watchers over WebSocket'
export const about = 'As over SSE. `ws` sends one ready buffer for each event, without compression.'

export const { contenders, columns } = fanOutCase('webSocket', { Headway: 'servers/headway.mjs', 'bare ws': 'servers/bare-ws.mjs' })

export function targets({ ratio }) {
  return [{ text: 'deliveries against bare ws', unit: 'times', measured: ratio('rate', 'Headway', 'bare ws'), atLeast: 0.9 }]
}
