import { createDriver, describeTransport, transportClients } from '@headway/conformance'
import type { TransportClient, TransportFixture } from '@headway/conformance'
import { createEngine } from '@headway/core'
import { createServer } from '@headway/server'
import type { Transport } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const KEY = 'conformance-key-0123456789'

/** A transport without a client here does not compile. */
const clients: Record<Transport, TransportClient> = transportClients

async function open(): Promise<TransportFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-transports-'))
  const stores = await openSqliteStores({ folder })
  const driver = createDriver()
  const engine = createEngine({ stores, jobTypes: [driver.jobType], shutdownGraceMs: 100 })
  await engine.start()
  const apiKeys = [{ name: 'suite', key: KEY, roles: ['admin'] as const }]
  const server = createServer({ engine, version: '0.0.0', port: 0, apiKeys, limits: { api: false }, closeGraceMs: 500 })
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
