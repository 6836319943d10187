import type { StoreFixture } from '@headway/conformance'
import { openPostgresStores } from '@headway/store-postgres'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { postgresUrl } from '../support/postgres.js'

/** An empty PostgreSQL store in a schema of its own, whose clock is moved by putting another function in the place of the store's. */
export async function openPostgresFixture(): Promise<StoreFixture> {
  const url = await postgresUrl()
  const schema = `conformance_${randomBytes(6).toString('hex')}`
  const open = () => openPostgresStores({ url, schema, maxConnections: 4 })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let stores = await open()
  let offsetMs = 0
  return {
    get stores() {
      return stores
    },
    async advance(ms) {
      offsetMs += ms
      await client.query(
        `create or replace function ${schema}.now_ms() returns bigint language sql volatile as
          'select (extract(epoch from clock_timestamp()) * 1000)::bigint + ${Math.round(offsetMs)}'`,
      )
    },
    async reopen() {
      // What a killed node leaves are the rows as they are at that moment: another node opens them while the first still has its connections.
      const before = stores
      stores = await open()
      await before.close()
      return stores
    },
    async close() {
      await stores.close()
      await client.query(`drop schema ${schema} cascade`)
      await client.end()
    },
  }
}
