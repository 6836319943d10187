import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEngine, defineJob } from '@headway/core'
import type { Engine, JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { createServer } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { z } from 'zod'
import type { AtEnd } from '../../../../../test/e2e/support/program.js'
import { KEYS, requestOf } from '../../../../../test/support/test-server.js'

/** Where `npm run build` puts the pages. */
const PAGES = process.env['HEADWAY_TEST_PAGES'] ?? fileURLToPath(new URL('../../../dist', import.meta.url))

/** A server with the pages and with jobs that tests give their events. */
export interface Running {
  /** Without a slash at the end. */
  readonly url: string
  readonly engine: Engine
  /** Makes a job. @returns its id */
  readonly create: (type: string, input: Json) => Promise<string>
  readonly ask: (path: string, options?: Parameters<typeof requestOf>[0]) => Promise<Response>
  /** Lets `told` jobs go on behind their next `wait`. */
  readonly letOn: () => void
}

/** The key of whoever signs in. */
export const KEY = KEYS.run

/** Starts a server on a data folder of its own. */
export async function startServer(atEnd: AtEnd): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-dashboard-'))
  const stores = await openSqliteStores({ folder })
  const gate = createGate()
  const engine = createEngine({ stores, jobTypes: [manyEvents(gate), aMillionLines, told(gate)], shutdownGraceMs: 200 })
  const apiKeys = [{ name: 'run', key: KEY, roles: ['run' as const] }]
  const server = createServer({
    engine,
    version: '0.0.0-test',
    port: 0,
    apiKeys,
    limits: { api: false },
    pages: { folder: PAGES },
    closeGraceMs: 500,
  })
  const url = (await server.listen()).url.replace(/\/$/, '')
  await engine.start()
  atEnd(async () => {
    await server.close()
    await engine.close()
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  })
  const ask: Running['ask'] = (path, options = {}) => fetch(`${url}${path}`, requestOf({ key: 'run', ...options }))
  return {
    url,
    engine,
    ask,
    letOn: gate.open,
    async create(type, input) {
      const answer = await ask(`/jobs/${type}`, { json: input })
      const { job } = (await answer.json()) as { job: { id: string } }
      return job.id
    },
  }
}

/** Lines at a steady pace, when the test lets it on. */
function manyEvents(gate: Gate) {
  return defineJob({
    name: 'many-events',
    input: z.object({ perSecond: z.int(), seconds: z.number() }),
    async run({ perSecond, seconds }, ctx) {
      await gate.wait(ctx)
      const total = perSecond * seconds
      const startedAt = performance.now()
      for (let sent = 0; sent < total;) {
        const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1000) * perSecond))
        let last: Promise<void> | undefined
        for (; sent < due; sent += 1) last = emitNth(ctx, sent)
        await last
        await ctx.progress({ done: sent, total })
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return { sent: total, seconds: (performance.now() - startedAt) / 1000 }
    },
  })
}

function emitNth(ctx: JobContext, n: number): Promise<void> {
  const level = n % 500 === 0 ? 'error' : n % 50 === 0 ? 'warn' : 'info'
  return ctx.log(level, `line ${n}: \u001b[32mcompiled\u001b[0m src/module-${n % 977}/index.ts, ${n % 61} files in ${n % 997} ms`)
}

/** A million lines in a thousand events. */
const aMillionLines = defineJob({
  name: 'a-million-lines',
  input: z.object({}),
  async run(_input, ctx) {
    for (let event = 0; event < 1000; event += 1) {
      const lines = Array.from({ length: 1000 }, (_, n) => `line ${event * 1000 + n} of a million`)
      await ctx.log('info', lines.join('\n'))
    }
  },
})

const toldSchema = z.object({ events: z.array(z.tuple([z.string(), z.json()])), result: z.json().optional() })

/** A job that tells what its input has: each event, `["wait", null]` for a halt until the test lets it on, `["progress", ...]`, `["fail", message]`. */
function told(gate: Gate) {
  return defineJob({
    name: 'told',
    input: toldSchema,
    pausable: true,
    async run({ events, result }, ctx) {
      for (const [type, data] of events) {
        await ctx.pausePoint()
        if (type === 'wait') await gate.wait(ctx)
        else if (type === 'progress') await ctx.progress(data as { done: number; total: number })
        else if (type === 'fail') throw new Error(typeof data === 'string' ? data : 'told to fail')
        else await ctx.emit(type, data as Json)
      }
      return (result ?? null) as Json
    },
  })
}

interface Gate {
  readonly open: () => void
  readonly wait: (ctx: Pick<JobContext, 'signal' | 'pausePoint'>) => Promise<void>
}

function createGate(): Gate {
  let opened = withResolvers()
  return {
    open() {
      opened.resolve()
      opened = withResolvers()
    },
    async wait(ctx) {
      const waited = opened
      for (;;) {
        // Who waits can be paused and cancelled, too.
        await ctx.pausePoint()
        ctx.signal.throwIfAborted()
        await Promise.race([waited.promise, new Promise((resolve) => setTimeout(resolve, 20))])
        // Another has its place once it is opened.
        if (waited !== opened) return
      }
    },
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
