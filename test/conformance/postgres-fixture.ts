import type { StoreFixture } from '@headway/conformance'
import { openPostgresStores } from '@headway/store-postgres'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { postgresUrl } from '../support/postgres.js'

/** An empty PostgreSQL store in a schema of its own. Its clock is another function in the place of the store's, which adds what a table says. */
export async function openPostgresFixture(): Promise<StoreFixture> {
  const url = await postgresUrl()
  const schema = `conformance_${randomBytes(6).toString('hex')}`
  const open = () => openPostgresStores({ url, schema, maxConnections: 4 })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let stores = await open()
  await client.query(`create table ${schema}.advanced (ms bigint not null); insert into ${schema}.advanced values (0);
    create or replace function ${schema}.now_ms() returns bigint language sql volatile as
      'select (extract(epoch from clock_timestamp()) * 1000)::bigint + (select ms from ${schema}.advanced)'`)
  return {
    get stores() {
      return stores
    },
    async advance(ms) {
      await client.query(`update ${schema}.advanced set ms = ms + $1`, [Math.round(ms)])
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
