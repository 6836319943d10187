import { defineJob } from '@headway/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { openEngine } from '../lib/engine.mjs'
import { dataOfSize } from '../lib/payload.mjs'
import { quantile } from '../lib/stats.mjs'

// An engine whose running jobs emit as they are told: at a pace (open loop), or each as soon as its last event is committed (closed loop).

const POLL_MS = 20
/** How long an acknowledgement may be missing at the end of a run. In milliseconds. */
const PATIENCE_MS = 30_000

const contexts = []

const emitter = defineJob({
  name: 'emitter',
  input: z.object({}),
  concurrency: 10_000,
  async run(_input, ctx) {
    contexts.push(ctx)
    await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
  },
})

const { engine, close } = await openEngine({ jobTypes: [emitter], concurrency: 10_000, shutdownGraceMs: 0 })
await engine.start()

/** What jobs say, by kind, so that the same load can be put on others: an event, or progress and log lines in turns. */
function speaker(kind, bytes) {
  const data = dataOfSize(bytes)
  if (kind === 'event') return (ctx) => ctx.emit('line', data)
  let turnOf = 0
  return (ctx) =>
    turnOf++ % 2 === 0 ? ctx.progress({ done: turnOf, total: 1_000_000, message: 'Copying' }) : ctx.log('info', data.text.slice(0, bytes))
}

/** Emits so many events a second over all jobs, `together` at a time in one job, and notes when each was acknowledged. */
async function pace({ rate, together, bytes, lasts }) {
  const speak = speaker('event', bytes)
  const acknowledged = []
  const start = seconds()
  const every = together / rate
  let groups = 0
  const waiting = new Set()
  let failure
  while (seconds() - start < lasts) {
    const due = Math.floor((seconds() - start) / every)
    for (; groups < due; groups++) {
      const dueAt = start + (groups + 1) * every
      const ctx = contexts[groups % contexts.length]
      let last
      for (let event = 0; event < together; event++) last = speak(ctx)
      waiting.add(last)
      last.then(
        () => {
          waiting.delete(last)
          acknowledged.push({ at: seconds(), took: seconds() - dueAt })
        },
        (error) => (failure ??= error),
      )
    }
    if (failure !== undefined) throw failure
    await sleep(1)
  }
  for (const giveUp = Date.now() + PATIENCE_MS; waiting.size > 0 && Date.now() < giveUp;) await sleep(POLL_MS)
  if (waiting.size > 0) throw new Error(`${waiting.size} acknowledgements did not come.`)
  return { acknowledged, start }
}

answerCalls(
  {
    /** Makes so many running jobs. */
    async prepare({ jobs }) {
      const missing = jobs - contexts.length
      await Promise.all(Array.from({ length: missing }, () => engine.create('emitter', {})))
      while (contexts.length < jobs) await sleep(POLL_MS)
    },
    /** Open loop. Gives events a second that were acknowledged while it lasted, and milliseconds from when each was due. */
    async pace({ together = 1, ...load }) {
      const { acknowledged, start } = await pace({ together, ...load })
      const within = acknowledged.filter(({ at }) => at - start <= load.lasts)
      const delays = acknowledged.map(({ took }) => took * 1000)
      return {
        events: acknowledged.length * together,
        rate: (within.length * together) / load.lasts,
        ackP50: quantile(delays, 0.5),
        ackP99: quantile(delays, 0.99),
      }
    },
    /** Closed loop: each job waits for every `ahead`th. Gives the same. */
    async loop({ events, bytes, kind = 'event', ahead = 1 }) {
      const speak = speaker(kind, bytes)
      const delays = []
      const start = seconds()
      await Promise.all(
        contexts.map(async (ctx) => {
          for (let event = 0; event < events; event += ahead) {
            const began = seconds()
            let last
            for (let one = 0; one < ahead; one++) last = speak(ctx)
            await last
            delays.push((seconds() - began) * 1000)
          }
        }),
      )
      const done = events * contexts.length
      return { events: done, rate: done / (seconds() - start), ackP50: quantile(delays, 0.5), ackP99: quantile(delays, 0.99) }
    },
  },
  async () => {
    await close()
  },
)
