import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '@headway/core'
import type { Engine } from '@headway/core'
import { createServer } from '@headway/server'
import type { Access, ServerOptions, Service } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { onTestFinished } from 'vitest'
import type { AtEnd } from '../../../../../test/e2e/support/program.js'
import { Compilations } from '../../../dist/wire/compilations.js'
import { mountTestPage } from '../../../dist/wire/test-page.js'
import { RequestCheck } from '../../../dist/wire/request-check.js'
import { compileSocket } from '../../../dist/wire/websocket/compile-socket.js'
import type { CompileSocketOptions } from '../../../dist/wire/websocket/compile-socket.js'
import { ScriptedJobs } from './scripted-jobs.js'
import type { ScriptedRun } from './scripted-jobs.js'
import { SocketClient } from './socket-client.js'

export const RUN_KEY = 'run-key-for-tests-0123456789'
export const READ_KEY = 'read-key-for-tests-0123456789'

export interface TestOptions extends Partial<ServerOptions> {
  readonly access?: Access
  readonly socket?: Partial<CompileSocketOptions>
  /** Compile requests of one address a minute. Not limited by default. */
  readonly perMinute?: number
  /** Of an earlier server, to go on with. */
  readonly folder?: string
  /** When it ends: with the test by default. */
  readonly atEnd?: AtEnd
}

export interface TestServer {
  readonly engine: Engine
  /** Without a slash at the end. */
  readonly url: string
  readonly folder: string
  /** The next compilation that begins. */
  nextRun(): Promise<ScriptedRun>
  connect(protocols?: readonly string[]): SocketClient
  stop(): Promise<void>
}

/** A whole server with `/ws/compile`, whose compilations are in the hands of the test. It ends with the test. */
export async function startServer({
  access = 'public',
  socket,
  perMinute,
  folder,
  atEnd = onTestFinished,
  ...options
}: TestOptions = {}): Promise<TestServer> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'headway-filters-')))
  const stores = await openSqliteStores({ folder: data })
  const jobs = new ScriptedJobs()
  const engine = createEngine({ stores, shutdownGraceMs: 200 })
  const service: Service = {
    name: 'filters',
    jobTypes: [jobs.type],
    paths: ['/compile'],
    limits: { compile: { requests: perMinute ?? 1_000_000, windowSeconds: 60 } },
    mount: mountTestPage,
    sockets: (kit) => [compileSocket(kit, new Compilations(kit, access), { idleMs: 300_000, check: new RequestCheck(true), ...socket })],
  }
  const server = createServer({
    engine,
    services: [service],
    version: '0.0.0-test',
    port: 0,
    apiKeys: [
      { name: 'runner', roles: ['run'], key: RUN_KEY },
      { name: 'reader', roles: ['read'], key: READ_KEY },
    ],
    closeGraceMs: 500,
    ...options,
  })
  await engine.start()
  const { url } = await server.listen()
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await server.close()
    await engine.close()
    await stores.close()
  }
  atEnd(async () => {
    await (stopped ??= stop())
    await rm(data, { recursive: true, force: true })
  })
  return {
    engine,
    url: url.replace(/\/$/, ''),
    folder: data,
    nextRun: () => jobs.next(),
    connect: (protocols = []) => new SocketClient(`${url}ws/compile`, protocols),
    stop: () => (stopped ??= stop()),
  }
}
