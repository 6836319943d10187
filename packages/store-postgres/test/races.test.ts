import { StoreError } from '@headway/core'
import { BLOCKED } from '@headway/store-kit/rules'
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { postgresUrl } from '../../../test/support/postgres.js'
import { newJob } from './support/jobs.js'
import { testSchema } from './support/schemas.js'
import type { TestSchema } from './support/schemas.js'
import { connectTo } from './support/sql.js'

/** Longer than any test takes, in milliseconds. */
const LONG_LEASE_MS = 600_000

/** Any number, of an advisory lock. */
const GATE = 7_340_021

async function connected(): Promise<pg.Client> {
  const client = await connectTo(await postgresUrl())
  onTestFinished(() => client.end())
  return client
}

/** Resolves when somebody waits for a lock of this kind in the schema's database. */
async function waits(client: pg.Client, kind: 'advisory' | 'relation'): Promise<void> {
  await vi.waitFor(async () => {
    const { rowCount } = await client.query(
      `select from pg_locks where not granted and locktype = $1 and database = (select oid from pg_database where datname = current_database())
        and (locktype <> 'advisory' or objid = ${GATE})`,
      [kind],
    )
    expect(rowCount).toBeGreaterThan(0)
  })
}

/** Whoever inserts into a table of the schema waits after that statement while the gate is closed. */
async function gateAfterInsert(schema: TestSchema, table: string): Promise<void> {
  await schema.run(`create function headway.gate() returns trigger language plpgsql as
    'begin perform pg_advisory_lock(${GATE}); perform pg_advisory_unlock(${GATE}); return null; end'`)
  await schema.run(`create trigger gate after insert on headway.${table} for each statement execute function headway.gate()`)
}

describe('a job that is pruned while somebody asks for the same again', () => {
  test.each(['idempotency', 'jobs'] as const)('and met it in %s: a new one is made, under its key', async (table) => {
    const schema = await testSchema()
    const { jobs } = await schema.open()
    const idempotency = { scope: 'scope', key: randomUUID(), fingerprint: 'same' }
    const old = newJob(table === 'idempotency' ? { idempotency } : {})
    await jobs.create([old])
    await gateAfterInsert(schema, table)
    const client = await connected()
    await client.query(`select pg_advisory_lock(${GATE})`)
    const again = jobs.create([{ ...old, idempotency, ...(table === 'idempotency' && { id: randomUUID() }) }])
    await waits(client, 'advisory')
    await client.query(`delete from ${schema.name}.jobs`)
    if (table === 'idempotency') await client.query(`delete from ${schema.name}.idempotency`)
    await client.query(`select pg_advisory_unlock(${GATE})`)
    const [created] = await again
    expect(created?.created).toBe(true)
    expect(await jobs.findByKey(idempotency)).toEqual(created?.job)
  })
})

test('jobs whose place was given to nobody, as a node died, are found: also beside a ready job of a type that nobody claims', async () => {
  const schema = await testSchema()
  const { jobs } = await schema.open()
  const [type, unclaimed, key] = [`type-${randomUUID()}`, `type-${randomUUID()}`, randomUUID()]
  const waiting = [1, 2, 3].map(() => newJob({ type, concurrencyKey: key, keyLimit: 2 }))
  await jobs.create([...waiting, newJob({ type: unclaimed, concurrencyKey: key, keyLimit: 2 })])
  await schema.run(`update headway.jobs set queue = ${BLOCKED} where type = '${type}'`)
  const claim = () => jobs.claim('worker', [{ type, limit: 9 }], LONG_LEASE_MS)
  expect(await claim()).toEqual([])
  await jobs.sweep({ limit: 100, retention: { default: {} }, watched: [], watchedGraceMs: 0 })
  expect((await claim()).map(({ job }) => job.id)).toEqual(waiting.slice(0, 2).map(({ id }) => id))
})

test('calls that wait for a connection when the store closes come to their end', async () => {
  const schema = await testSchema()
  const stores = await schema.open({ maxConnections: 1, timeoutMs: 30_000 })
  const client = await connected()
  await client.query('begin')
  await client.query(`lock table ${schema.name}.jobs in access exclusive mode`)
  const calls = Promise.all(Array.from({ length: 5 }, () => stores.jobs.figures()))
  await waits(client, 'relation')
  const closed = stores.close()
  await client.query('commit')
  expect(await calls).toHaveLength(5)
  await closed
  await expect(stores.jobs.figures()).rejects.toMatchObject({ code: 'closed' })
})

test('claims that are committed after they failed are known to their worker', async () => {
  const schema = await testSchema()
  const { jobs } = await schema.open({ timeoutMs: 500 })
  const type = `late-${randomUUID()}`
  const made = [newJob({ type }), newJob({ type })]
  await jobs.create(made)
  const claim = async (limit: number): Promise<readonly string[]> =>
    (await jobs.claim('worker', [{ type, limit }], LONG_LEASE_MS)).map(({ job }) => job.id)
  const client = await connected()
  await client.query('begin')
  // Claims write to it, and wait.
  await client.query(`lock table ${schema.name}.tally_changes in exclusive mode`)
  await expect(claim(1)).rejects.toBeInstanceOf(StoreError)
  await expect(claim(1)).rejects.toBeInstanceOf(StoreError)
  await client.query('commit')
  const found: string[] = []
  await vi.waitFor(async () => {
    found.push(...(await claim(9)))
    expect(found).toHaveLength(2)
  })
  expect(found.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
  expect(await claim(9)).toEqual([])
})
