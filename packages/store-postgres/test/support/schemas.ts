import type { Stores } from '@headway/core'
import { openPostgresStores } from '@headway/store-postgres'
import type { PostgresOptions } from '@headway/store-postgres'
import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { postgresUrl } from '../../../../test/support/postgres.js'
import { sql } from './sql.js'

/** A schema of one test's own, which goes with it, and with the stores that were opened on it. */
export interface TestSchema {
  readonly name: string
  open(options?: Partial<PostgresOptions>): Promise<Stores>
  /** Runs a statement in which `headway.` stands for the schema. */
  run<Row extends object>(text: string): Promise<readonly Row[]>
  /** Moves the store's clock. */
  setClock(offsetMs: number): Promise<void>
}

export async function testSchema(): Promise<TestSchema> {
  const url = await postgresUrl()
  const name = `test_${randomBytes(6).toString('hex')}`
  const opened: Stores[] = []
  const run = <Row extends object>(text: string): Promise<readonly Row[]> => sql<Row>(url, text.replaceAll('headway.', `${name}.`))
  onTestFinished(async () => {
    for (const stores of opened) await stores.close()
    await run(`drop schema if exists ${name} cascade`)
  })
  return {
    name,
    async open(options = {}) {
      const stores = await openPostgresStores({ url, schema: name, maxConnections: 4, ...options })
      opened.push(stores)
      return stores
    },
    run,
    async setClock(offsetMs) {
      await run(`create or replace function headway.now_ms() returns bigint language sql volatile as
        'select (extract(epoch from clock_timestamp()) * 1000)::bigint + ${offsetMs}'`)
    },
  }
}
