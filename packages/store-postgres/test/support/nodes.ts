import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { postgresUrl } from '../../../../test/support/postgres.js'
import { Database } from '../../src/database/database.js'
import { quoteIdentifier } from '../../src/database/statement.js'
import { migrate } from '../../src/schema/migrate.js'

export interface Nodes {
  /** Connections of as many nodes as were asked for, to one schema. */
  readonly nodes: readonly Database[]
  /** Moves the store's clock forward. */
  advance(ms: number): Promise<void>
}

/** The database as several nodes use it, in a schema of this test's own. */
export async function openNodes(count: number): Promise<Nodes> {
  const options = {
    url: await postgresUrl(),
    schema: `test-${randomUUID()}`,
    maxConnections: 4,
    timeoutMs: 30_000,
    awayMs: 30_000,
    onNotice: () => undefined,
  }
  const main = new Database(options)
  const nodes = Array.from({ length: count }, () => new Database(options))
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    await main.run(main.sql(`drop schema ${quoteIdentifier(options.schema)} cascade`))
    await main.close()
  })
  await migrate(main)
  let ahead = 0
  return {
    nodes,
    async advance(ms) {
      ahead += ms
      await main.run(
        main.sql(`create or replace function headway.now_ms() returns bigint language sql volatile as
          'select (extract(epoch from clock_timestamp()) * 1000)::bigint + ${ahead}'`),
      )
    },
  }
}

/** One of `count` values. */
export function at<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw new RangeError(`There is no value ${index}.`)
  return value
}
