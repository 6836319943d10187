import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, defineJob } from '@headway/core'
import type { Engine } from '@headway/core'
import { createServer } from '@headway/server'
import type { ServerOptions } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { z } from 'zod'

export const RUN_KEY = 'run-key-for-tests-0123456789'
export const READ_KEY = 'read-key-for-tests-0123456789'

/** Lets jobs of the type `gated` go on: one event for each number that is given. */
export class Gate {
  readonly #open: (() => void)[] = []
  #allowed = 0

  /** Lets `count` more events be. */
  allow(count: number): void {
    this.#allowed += count
    for (const open of this.#open.splice(0)) open()
  }

  async pass(signal: AbortSignal): Promise<void> {
    while (this.#allowed === 0) {
      await new Promise<void>((resolve) => {
        this.#open.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      signal.throwIfAborted()
    }
    this.#allowed -= 1
  }
}

/** A whole server in this process: real HTTP, a real engine, a real database in a folder of its own. */
export interface TestServer {
  readonly url: string
  readonly engine: Engine
  readonly gate: Gate
  /** Another server on the same engine. */
  readonly another: (options: Partial<ServerOptions>) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>
  readonly stop: () => Promise<void>
}

export async function startServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-client-'))
  const stores = await openSqliteStores({ folder })
  const gate = new Gate()
  const engine = createEngine({ stores, jobTypes: jobTypes(gate), shutdownGraceMs: 200 })
  await engine.start()
  async function another(more: Partial<ServerOptions>) {
    const server = createServer({
      engine,
      version: '0.0.0-test',
      port: 0,
      apiKeys: [
        { name: 'runner', roles: ['run'], key: RUN_KEY },
        { name: 'reader', roles: ['read'], key: READ_KEY },
      ],
      limits: { api: false },
      closeGraceMs: 1000,
      ...options,
      ...more,
    })
    const { url } = await server.listen()
    return { url: url.replace(/\/$/, ''), close: () => server.close() }
  }
  const server = await another({})
  return {
    url: server.url,
    engine,
    gate,
    another,
    async stop() {
      await server.close()
      await engine.close()
      await stores.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function jobTypes(gate: Gate) {
  return [
    /** Counts to `to`, one event for each number. */
    defineJob({
      name: 'count',
      input: z.object({ to: z.int() }),
      async run({ to }, ctx) {
        for (let number = 1; number <= to; number += 1) void ctx.emit('number', { number })
        await ctx.progress({ done: to, total: to })
        return { counted: to }
      },
    }),
    /** As `count`, but each event is committed before the next. */
    defineJob({
      name: 'steps',
      input: z.object({ to: z.int() }),
      async run({ to }, ctx) {
        for (let number = 1; number <= to; number += 1) await ctx.emit('number', { number })
        return { counted: to }
      },
    }),
    /** As `count`, but each event waits for the gate. */
    defineJob({
      name: 'gated',
      input: z.object({ to: z.int() }),
      pausable: true,
      async run({ to }, ctx) {
        for (let number = 1; number <= to; number += 1) {
          await ctx.pausePoint()
          await gate.pass(ctx.signal)
          await ctx.emit('number', { number })
          await ctx.pausePoint()
        }
        return { counted: to }
      },
    }),
    defineJob({
      name: 'fail',
      input: z.object({}),
      async run() {
        throw new Error('It can not be done.')
      },
    }),
  ]
}
