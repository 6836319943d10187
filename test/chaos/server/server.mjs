// A server as anyone could build it from the public packages: an engine on SQLite with job types of its own. What it is told comes by
// environment variables; it ends cleanly at SIGTERM.
import { createEngine, createProcessHost } from '@headway/core'
import { createServer } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { createJobTypes } from './job-types.mjs'

const { CHAOS_DATA = '', CHAOS_PORT, CHAOS_KEY = '', CHAOS_SCRIPT_MARK = '', CHAOS_WORK = '', CHAOS_LEASE_MS, CHAOS_GRACE_MS } = process.env

const onError = (error, doing) => console.error(`could not ${doing}: ${error instanceof Error ? error.stack : String(error)}`)

const stores = await openSqliteStores({ folder: CHAOS_DATA })
const engine = createEngine({
  stores,
  processHost: createProcessHost(),
  jobTypes: createJobTypes({ mark: CHAOS_SCRIPT_MARK, workFolder: CHAOS_WORK }),
  leaseMs: Number(CHAOS_LEASE_MS),
  sweepMs: 200,
  shutdownGraceMs: Number(CHAOS_GRACE_MS),
  onError,
})
const server = createServer({
  engine,
  version: '0.0.0',
  port: Number(CHAOS_PORT),
  apiKeys: [{ name: 'chaos', key: CHAOS_KEY, roles: ['admin'] }],
  limits: { api: false },
  closeGraceMs: Number(CHAOS_GRACE_MS),
})

process.once('SIGTERM', () => void stop())
await engine.start()
await server.listen()

async function stop() {
  server.drain()
  await engine.drain()
  await server.close()
  await engine.close()
  await stores.close()
}
