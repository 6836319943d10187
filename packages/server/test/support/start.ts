import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '@headway/core'
import type { Engine, JobType } from '@headway/core'
import { createServer } from '@headway/server'
import type { Server, ServerOptions } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { testJobs } from './jobs.js'

export const ADMIN_KEY = 'admin-key-for-tests-0123456789'
export const RUN_KEY = 'run-key-for-tests-0123456789'
export const READ_KEY = 'read-key-for-tests-0123456789'

/** A whole server: real HTTP, a real engine, a real database in a folder of its own. */
export interface TestServer {
  readonly server: Server
  readonly engine: Engine
  /** Without a slash at the end. */
  readonly url: string
  /** A request with the key that may run jobs, unless `headers` say who asks. */
  readonly ask: (path: string, init?: RequestInit & { readonly json?: unknown }) => Promise<Response>
  readonly stop: () => Promise<void>
}

export interface TestServerOptions extends Partial<ServerOptions> {
  readonly jobTypes?: readonly JobType[]
  /** Told of what the engine could not do in the background, where a test brings that about. */
  readonly onEngineError?: (error: unknown) => void
}

export async function startServer({ jobTypes = testJobs(), onEngineError, ...options }: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-server-'))
  const stores = await openSqliteStores({ folder })
  const engine = createEngine({ stores, jobTypes, shutdownGraceMs: 200, ...(onEngineError && { onError: onEngineError }) })
  await engine.start()
  const { server, url } = await startNode(engine, options)
  return {
    server,
    engine,
    url,
    ask(path, init = {}) {
      const { json, ...rest } = init
      const headers = new Headers(rest.headers)
      if (!headers.has('x-api-key') && !headers.has('authorization')) headers.set('x-api-key', RUN_KEY)
      if (json !== undefined) headers.set('content-type', 'application/json')
      return fetch(`${url}${path}`, {
        ...rest,
        headers,
        ...(json === undefined ? {} : { method: rest.method ?? 'POST', body: JSON.stringify(json) }),
      })
    },
    async stop() {
      await server.close()
      await engine.close()
      await stores.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A server, or one more, on an engine that runs. */
export async function startNode(
  engine: Engine,
  options: Partial<ServerOptions>,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer({
    engine,
    version: '0.0.0-test',
    port: 0,
    apiKeys: [
      { name: 'admin', roles: ['admin'], key: ADMIN_KEY },
      { name: 'runner', roles: ['run'], key: RUN_KEY },
      { name: 'reader', roles: ['read'], key: READ_KEY },
    ],
    closeGraceMs: 1_000,
    ...options,
  })
  const address = await server.listen()
  return { server, url: address.url.replace(/\/$/, '') }
}
