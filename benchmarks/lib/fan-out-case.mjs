import { fanOut, latency } from './fan-out.mjs'

/**
 * A case in which one job is watched by 1,000 connections.
 *
 * @param {string} transport sse or webSocket
 * @param {Record<string, string>} programs of `servers/`, by the names of the contenders; one is "Headway"
 */
export function fanOutCase(transport, programs) {
  return {
    contenders(quick) {
      const load = { watchers: 1000, bytes: 200, events: quick ? 150 : 500 }
      const paced = { ...load, events: quick ? 20 : 60 }
      const all = Object.entries(programs).map(([name, program]) => [
        name,
        async () => ({ ...(await fanOut(program, transport, load)), ...(await latency(program, transport, paced)) }),
      ])
      return { ...Object.fromEntries(all), 'Headway, 16 events ahead': () => fanOut(programs.Headway, transport, { ...load, ahead: 16 }) }
    },
    columns: [
      { key: 'rate', label: 'deliveries/s' },
      { key: 'perCore', label: 'deliveries per second of the server’s processor time' },
      { key: 'latencyP50', label: 'delay, median (ms)', digits: 1 },
      { key: 'latencyP99', label: 'delay, p99 (ms)', digits: 1 },
      { key: 'cpu', label: 'processor, in cores' },
    ],
  }
}
