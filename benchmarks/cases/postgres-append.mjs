import { onPostgres } from '../lib/measure-on-postgres.mjs'
import { SERVER_SETTINGS } from '../lib/postgres.mjs'

export const title = 'Fenced events on PostgreSQL'
export const about = `1,000 running jobs of one node emit events whose data has 120 bytes. Open loop: events fall due at a steady rate over all jobs, in turn, and an acknowledgement is measured from when its event was due until its commit is known. Each emit is one append with its own fence, or 4 events are emitted together in one append. Closed loop: each job waits for each event. Node and server share the machine. ${SERVER_SETTINGS}.`

const JOBS = 1000
const BYTES = 120
const RATES = [4000, 8000, 12_000, 16_000, 20_000, 25_000, 30_000]
const RATES_OF_FOUR = [12_000, 30_000, 45_000, 60_000]
/** Of what was offered, so much must be acknowledged in time for the rate to count as kept. */
const KEPT = 0.97
/** Limits of the median acknowledgement, in milliseconds. */
const SHORT_MS = 5
const LONG_MS = 15

const nameOf = (rate, together) => `${rate.toLocaleString('en-GB')}/s offered${together === 1 ? '' : `, ${together} together`}`

const rungs = [...RATES.map((rate) => ({ rate, together: 1 })), ...RATES_OF_FOUR.map((rate) => ({ rate, together: 4 }))]

export function contenders(quick) {
  const lasts = quick ? 2 : 5
  return {
    ...Object.fromEntries(
      rungs.map(({ rate, together }) => [nameOf(rate, together), () => measure('pace', { rate, together, lasts, bytes: BYTES })]),
    ),
    'closed loop': () => measure('loop', { events: quick ? 30 : 100, bytes: BYTES }),
  }
}

function measure(how, load) {
  return onPostgres('servers/paced-engine.mjs', async (child, count) => {
    await child.call('prepare', { jobs: JOBS })
    // Compiles the code, and lets the server plan.
    await child.call(how, how === 'pace' ? { ...load, lasts: Math.min(3, load.lasts) } : { ...load, events: 50 })
    const counted = await count()
    const { events, ...figures } = await child.call(how, load)
    const { wal, ...both } = await counted(events)
    return { ...figures, ...both, walPerEvent: wal / events }
  })
}

export const columns = [
  { key: 'rate', label: 'events/s' },
  { key: 'ackP50', label: 'acknowledged after, median (ms)', digits: 1 },
  { key: 'ackP99', label: 'p99 (ms)', digits: 1 },
  { key: 'perCore', label: 'events per second of processor time, both sides' },
  { key: 'nodeCost', label: 'node, µs an event', digits: 1 },
  { key: 'databaseCost', label: 'database, µs an event', digits: 1 },
  { key: 'walPerEvent', label: 'log of the database, bytes an event' },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median }) {
  const within = (limit, together) => {
    const kept = rungs.filter((rung) => {
      const name = nameOf(rung.rate, rung.together)
      return rung.together === together && median('rate', name) >= KEPT * rung.rate && median('ackP50', name) <= limit
    })
    return Math.max(0, ...kept.map((rung) => median('rate', nameOf(rung.rate, rung.together))))
  }
  const target = (limit, together, atLeast) => ({
    text: `events a second, ${together === 1 ? 'one an append' : `${together} an append`}, with a median acknowledgement of ${limit} ms at most`,
    unit: 'a second',
    measured: within(limit, together),
    atLeast,
  })
  return [target(SHORT_MS, 1, 12_000), target(LONG_MS, 1, 30_000), target(SHORT_MS, 4, 12_000), target(LONG_MS, 4, 30_000)]
}
