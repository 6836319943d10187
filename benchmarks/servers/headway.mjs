import { defineJob } from '@headway/core'
import { ROUTES } from '@headway/protocol'
import { createServer } from '@headway/server'
import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { openEngine } from '../lib/engine.mjs'
import { dataOfSize } from '../lib/payload.mjs'
import { upgradeRequest, watchRequest } from './requests.mjs'

// The real server with its store on disk, and one job that emits events as it is told.

const POLL_MS = 5
/** In the last event before those that are emitted here. */
const LAST_BEFORE = '"type":"claimed"'
const KEY = 'a-key-of-the-benchmarks'

/** `order`: what to emit, see `emitAll`; `done`: it is all committed. */
const orders = new EventEmitter()

async function emitAll(ctx, { events, data, ahead }) {
  let last
  for (let event = 1; event <= events; event++) {
    last = ctx.emit('line', data)
    if (event % ahead === 0) await last
  }
  await last
}

const job = defineJob({
  name: 'emitter',
  input: z.object({}),
  async run(_input, ctx) {
    for (;;) {
      const [order] = await once(orders, 'order', { signal: ctx.signal })
      await emitAll(ctx, order)
      orders.emit('done')
    }
  },
})

const { engine, threads, close } = await openEngine({ jobTypes: [job] })
const server = createServer({
  engine,
  version: '0',
  port: 0,
  apiKeys: [{ name: 'bench', roles: ['read'], key: KEY }],
  limits: { api: false, 'bad-credentials': false },
})
const { port } = await server.listen()
await engine.start()
const { job: watched } = await engine.create('emitter', {})
while ((await engine.get(watched.id)).status !== 'running') await sleep(POLL_MS)

answerCalls(
  {
    sse: () => ({
      port,
      request: watchRequest(ROUTES.events.replace('{id}', watched.id), { 'X-API-Key': KEY }),
      until: LAST_BEFORE,
    }),
    webSocket: () => ({
      port,
      request: upgradeRequest(ROUTES.websocket, { 'Sec-WebSocket-Protocol': KEY }),
      say: JSON.stringify({ type: 'attach', jobId: watched.id }),
      until: LAST_BEFORE,
    }),
    threads: () => threads,
    async emit({ events, bytes, ahead = 1 }) {
      const start = seconds()
      const done = once(orders, 'done')
      orders.emit('order', { events, data: dataOfSize(bytes), ahead })
      await done
      return { start }
    },
  },
  async () => {
    await server.close()
    await engine.request(watched.id, 'cancel')
    await close()
  },
)
