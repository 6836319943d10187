import pg from 'pg'

/** Connections of a test's own, beside those of a store. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  // It may be ended by what the test does to the server.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** The rows that a statement gives, by a connection of its own. */
export async function sql<Row extends object>(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = await connectTo(url)
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** Ends all connections to the database but the one that asks, as an operator does. */
export async function terminateAll(url: string): Promise<void> {
  await sql(url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
}
