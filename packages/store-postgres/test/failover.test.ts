import { openPostgresStores } from '@headway/store-postgres'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startPostgres } from '../../../test/support/postgres-server.mjs'
import { startTcpProxy } from '../../../test/support/tcp-proxy.mjs'
import { Load } from './support/load.js'
import { sql } from './support/sql.js'

test('after a failover to a synchronous standby all that was acknowledged is there, and work goes on', async () => {
  const primary = await startPostgres()
  onTestFinished(() => primary.close())
  await primary.stop()
  const standby = await startPostgres({
    copyOf: primary,
    files: ['standby.signal'],
    settings: {
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${primary.password} application_name=standby`,
      wal_retrieve_retry_interval: '100ms',
    },
  })
  onTestFinished(() => standby.close())
  primary.set({ synchronous_standby_names: 'standby' })
  await primary.start()
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: primary.port })
  onTestFinished(() => proxy.close())
  await vi.waitFor(async () => {
    expect(await sql(primary.url, `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)).toHaveLength(1)
  })

  const stores = await openPostgresStores({ url: proxy.urlOf(primary.url), timeoutMs: 2_000 })
  onTestFinished(() => stores.close())
  const load = new Load([stores.jobs])
  await load.goesOn(100)
  await primary.stop('kill')
  // First it is reached while it is read only, as with an address that moves too soon.
  proxy.target = { host: '127.0.0.1', port: standby.port }
  await load.notices()
  await expect(stores.check()).rejects.toMatchObject({ code: 'unavailable' })
  await sql(standby.url, 'SELECT pg_promote()')
  await load.goesOn(100)
  await stores.check()
  await load.end()
  await load.verify(stores.jobs)
})
