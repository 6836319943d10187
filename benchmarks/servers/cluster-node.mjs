import { defineJob } from '@headway/core'
import { ROUTES } from '@headway/protocol'
import { createServer } from '@headway/server'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { openEngine } from '../lib/engine.mjs'
import { dataOfSize } from '../lib/payload.mjs'
import { quantile } from '../lib/stats.mjs'
import { upgradeRequest, watchRequest } from './requests.mjs'

// One node of several on one database: `HEADWAY_BENCH_WORK` says whether it runs jobs ("all") or only delivers ("none").

const POLL_MS = 20
/** In the last event before those that are emitted here. */
const LAST_BEFORE = '"type":"claimed"'
const KEY = 'a-key-of-the-benchmarks'

const contexts = new Map()

const emitter = defineJob({
  name: 'emitter',
  input: z.object({}),
  concurrency: 10_000,
  async run(_input, ctx) {
    contexts.set(ctx.id, ctx)
    await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
  },
})

const work = process.env['HEADWAY_BENCH_WORK']
const { engine, close } = await openEngine({ jobTypes: [emitter], concurrency: 10_000, work, shutdownGraceMs: 0 })
const server = createServer({
  engine,
  version: '0',
  port: 0,
  apiKeys: [{ name: 'bench', roles: ['read'], key: KEY }],
  limits: { api: false, 'bad-credentials': false },
})
const { port } = await server.listen()
await engine.start()

answerCalls(
  {
    /** Makes so many running jobs. Gives their ids. */
    async prepare({ jobs }) {
      const created = await Promise.all(Array.from({ length: jobs }, () => engine.create('emitter', {})))
      while (contexts.size < jobs) await sleep(POLL_MS)
      return created.map(({ job }) => job.id)
    },
    sse: ({ id }) => ({ port, request: watchRequest(ROUTES.events.replace('{id}', id), { 'X-API-Key': KEY }), until: LAST_BEFORE }),
    webSocket: ({ id }) => ({
      port,
      request: upgradeRequest(ROUTES.websocket, { 'Sec-WebSocket-Protocol': KEY }),
      say: JSON.stringify({ type: 'attach', jobId: id }),
      until: LAST_BEFORE,
    }),
    /** All jobs together emit so many events a second, in turn. Gives the milliseconds until each was acknowledged here. */
    async pace({ rate, events, bytes }) {
      const acknowledged = []
      const jobs = [...contexts.values()]
      const data = dataOfSize(bytes)
      const start = seconds()
      const emitted = []
      for (let event = 0; event < events; event++) {
        const dueAt = start + event / rate
        if (dueAt > seconds()) await sleep((dueAt - seconds()) * 1000)
        const sent = seconds()
        emitted.push(jobs[event % jobs.length].emit('line', { sent, ...data }).then(() => acknowledged.push((seconds() - sent) * 1000)))
      }
      await Promise.all(emitted)
      return { ackP50: quantile(acknowledged, 0.5), ackP99: quantile(acknowledged, 0.99) }
    },
  },
  async () => {
    await server.close()
    await close()
  },
)
