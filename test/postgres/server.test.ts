import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startPostgres } from '../support/postgres-server.mjs'
import { createTestDatabase, postgresUrl } from '../support/postgres.js'

/** What a statement gives, by a connection of its own. */
async function query(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows as Record<string, unknown>[]
  } finally {
    await client.end()
  }
}

it('gives all tests of a run one server, and databases of their own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await query(one.url, 'CREATE TABLE seen (at int)')
  await expect(query(other.url, 'SELECT * FROM seen')).rejects.toThrow('does not exist')
  // A connection that is open does not hold it.
  const client = new pg.Client({ connectionString: one.url })
  client.on('error', () => {})
  await client.connect()
  await Promise.all([one.drop(), other.drop()])
  await expect(query(one.url, 'SELECT 1')).rejects.toThrow('does not exist')
  expect(await query(await postgresUrl(), 'SHOW fsync')).toEqual([{ fsync: 'on' }])
})

it('keeps what was committed over a crash, and says what is wrong with settings', async () => {
  const server = await startPostgres()
  onTestFinished(() => server.close())
  await query(server.url, 'CREATE TABLE kept (value int)')
  await query(server.url, 'INSERT INTO kept VALUES (1)')
  await server.restart('immediate')
  const busy = query(server.url, 'SELECT pg_sleep(600)').catch((error: unknown) => error)
  await server.restart('kill')
  expect(await busy).toBeInstanceOf(Error)
  expect(await query(server.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }])
  expect(server.log).toContain('not properly shut down')
  await server.stop()
  server.set({ max_connections: 'many' })
  await expect(server.start()).rejects.toThrow(/did not come up[^]*max_connections/)
  await server.close()
  expect(existsSync(server.data)).toBe(false)
})

it('ends when whoever started it was killed', async () => {
  const program = `
    import { startPostgres } from ${JSON.stringify(new URL('../support/postgres-server.mjs', import.meta.url).href)}
    const server = await startPostgres()
    console.log(JSON.stringify({ url: server.url, data: server.data }))
    setInterval(() => {}, 1000)`
  const starter = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void starter.kill('SIGKILL'))
  const [line] = (await once(createInterface(starter.stdout), 'line')) as [string]
  const { url, data } = JSON.parse(line) as { url: string; data: string }
  starter.kill('SIGKILL')
  await vi.waitFor(() => expect(existsSync(dirname(data))).toBe(false), { timeout: 20_000 })
  await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
})
