import { createDriver, describePartialIds, describeTransport, transportClients } from '@headway/conformance'
import type { TransportClient, TransportFixture } from '@headway/conformance'
import { createEngine } from '@headway/core'
import { addRoute, createServer } from '@headway/server'
import type { Dialect, Service, Transport } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const KEY = 'conformance-key-0123456789'

/** A transport without a client here does not compile. */
const clients: Record<Transport, TransportClient> = transportClients

/** As many messages of an event as its type has letters. */
const partsDialect: Dialect = {
  name: 'parts',
  encode({ seq, type }) {
    const parts = type === 'none' ? 0 : type.length
    return Array.from({ length: parts }, (_, index) => ({ body: JSON.stringify({ seq, part: index + 1 }) }))
  },
  reset: (reset) => [{ body: JSON.stringify(reset) }],
}

const partsService: Service = {
  name: 'parts',
  jobTypes: [],
  paths: ['/parts'],
  tags: [{ name: 'Parts', description: 'Logs in parts' }],
  mount(app, kit) {
    addRoute(
      app,
      {
        method: 'get',
        path: '/parts/{id}',
        tags: ['Parts'],
        summary: 'A log in parts',
        access: 'job',
        responses: { 200: { description: 'The stream' } },
      },
      async (c) => kit.streamLog(c, await kit.authorizeJob(c, c.req.param('id') ?? '', 'read'), partsDialect),
    )
  },
}

async function open(): Promise<TransportFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-transports-'))
  const stores = await openSqliteStores({ folder })
  const driver = createDriver()
  const engine = createEngine({ stores, jobTypes: [driver.jobType], shutdownGraceMs: 100 })
  await engine.start()
  const server = createServer({
    engine,
    services: [partsService],
    version: '0.0.0',
    port: 0,
    apiKeys: [{ name: 'suite', key: KEY, roles: ['admin'] }],
    limits: { api: false },
    closeGraceMs: 500,
  })
  const { host, port } = await server.listen()
  return {
    engine,
    baseUrl: `http://${host}:${port}`,
    token: KEY,
    drive: () => driver.start(engine),
    async close() {
      await server.close()
      await engine.close()
      await stores.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

for (const [name, client] of Object.entries(clients)) describeTransport(name, client, open)

describePartialIds(async () => {
  const fixture = await open()
  return { ...fixture, partsUrl: (jobId) => `${fixture.baseUrl}/parts/${jobId}` }
})
