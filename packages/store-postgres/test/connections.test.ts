import { StoreError } from '@headway/core'
import type { Claim, Stores } from '@headway/core'
import { openPostgresStores } from '@headway/store-postgres'
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { onceForTests } from '../../../test/support/for-tests.js'
import { startPostgres } from '../../../test/support/postgres-server.mjs'
import { startTcpProxy } from '../../../test/support/tcp-proxy.mjs'
import { appendOf, newJob, runningJob } from './support/jobs.js'
import { Load, logOf } from './support/load.js'
import { connectTo, sql, terminateAll } from './support/sql.js'

/** How long a call waits for the database: so short that the tests see what comes after. In milliseconds. */
const TIMEOUT_MS = 2_000

/** Longer than a busy machine takes from one call to the next, in milliseconds. */
const SHORT_LEASE_MS = 4_000

const SOON = { timeout: 30_000, interval: 50 }

/** A server, and a network that can fail before it. */
const world = onceForTests(async (atEnd) => {
  const server = await startPostgres({ settings: { max_connections: 40 } })
  atEnd(() => server.close())
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port })
  atEnd(() => proxy.close())
  const direct = await openPostgresStores({ url: server.url })
  atEnd(() => direct.close())
  return { server, proxy, direct }
})

/** A node that reaches the database by the network of the test. */
async function openThrough(options: { readonly maxConnections?: number; readonly awayMs?: number } = {}): Promise<Stores> {
  const { server, proxy } = world()
  const stores = await openPostgresStores({ url: proxy.urlOf(server.url), timeoutMs: TIMEOUT_MS, ...options })
  onTestFinished(async () => {
    proxy.restore()
    proxy.keep()
    await stores.close()
  })
  return stores
}

/** What became of a call whose connection may be lost: it may fail, and only because the database was away. */
async function settled<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'unavailable' })
    return undefined
  }
}

const POINTS = ['request', 'answer', 'commit'] as const

describe.each(POINTS)('a connection that is lost at the %s', (point) => {
  test('of an append: it is there once, whether it is asked again by the store or by its user', async () => {
    const { proxy, direct } = world()
    const near = await openThrough()
    const claim = await runningJob(direct.jobs)
    const append = appendOf(claim, 2, 3, `lost-${point}`)
    void proxy.lose(`lost-${point}`, point)
    const [result] = (await settled(near.jobs.append([append]))) ?? []
    if (result !== undefined) expect(result).toEqual({ ok: true })
    expect(await near.jobs.append([append])).toEqual([{ ok: true }])
    expect((await logOf(direct.jobs, claim.job.id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  })

  test('of a create: there is one job', async () => {
    const { proxy, direct } = world()
    const near = await openThrough()
    const job = newJob({ type: `lost-${randomUUID()}`, idempotency: { scope: 'scope', key: randomUUID(), fingerprint: 'same' } })
    void proxy.lose(job.type, point)
    await settled(near.jobs.create([job]))
    const [again] = await near.jobs.create([{ ...job, id: randomUUID() }])
    expect(again?.job.type).toBe(job.type)
    expect((await direct.jobs.list({ types: [job.type], limit: 10 })).items).toHaveLength(1)
    expect((await logOf(direct.jobs, again?.job.id ?? '')).map(({ type }) => type)).toEqual(['created'])
  })

  test('of a claim: one worker has the job, or nobody for longer than a lease', async () => {
    const { proxy, direct } = world()
    const near = await openThrough()
    const type = `lost-${randomUUID()}`
    await direct.jobs.create([newJob({ type, maxRecoveries: 1 })])
    void proxy.lose(type, point)
    let claim: Claim | undefined = (await settled(near.jobs.claim('worker-1', [{ type, limit: 1 }], SHORT_LEASE_MS)))?.[0]
    await vi.waitFor(async () => {
      await direct.jobs.sweep({ limit: 100, retention: { default: {} }, watched: [], watchedGraceMs: 0 })
      claim ??= (await near.jobs.claim('worker-2', [{ type, limit: 1 }], 60_000))[0]
      expect(claim).toBeDefined()
    }, SOON)
    const [state] = await near.jobs.renew(claim === undefined ? [] : [claim.lease], 60_000)
    expect(state?.held).toBe(true)
    expect(await near.jobs.claim('worker-3', [{ type, limit: 1 }], 60_000)).toEqual([])
  })

  test('of a cancel, and of a count: it happened once at most', async () => {
    const { proxy, direct } = world()
    const near = await openThrough()
    const job = newJob()
    await direct.jobs.create([job])
    void proxy.lose(job.id, point)
    await settled(near.jobs.request(job.id, 'cancel', 'enough'))
    await near.jobs.request(job.id, 'cancel', 'enough')
    expect((await logOf(direct.jobs, job.id)).map(({ type }) => type)).toEqual(['created', 'cancelled'])

    const key = `lost-${randomUUID()}`
    void proxy.lose(key, point)
    const counted = await settled(near.keyValues.increment(key, 1))
    const value = (await direct.keyValues.get(key))?.value ?? 0
    expect(counted === undefined ? [0, 1] : [counted.value]).toContain(value)
  })
})

test('work goes on by itself after every trouble, and nothing that was acknowledged is lost or twice', async () => {
  const { server, proxy } = world()
  const near = await openThrough()
  const load = new Load([near.jobs])
  await load.goesOn()
  for (let round = 0; round < 3; round += 1) {
    proxy.cut()
    await load.goesOn()
    await terminateAll(server.url)
    await load.goesOn()
  }
  await server.restart('immediate')
  await load.goesOn()
  for (const fail of [() => proxy.refuse(), () => proxy.freeze()]) {
    fail()
    await Promise.all([load.notices(), expect(near.check()).rejects.toMatchObject({ code: 'unavailable' })])
    proxy.restore()
    await load.goesOn()
    await near.check()
  }
  proxy.latencyMs = 20
  await load.goesOn(10)
  proxy.latencyMs = 0
  await load.end()
  await load.verify(near.jobs)
})

test('once it is known that the database is away, calls fail without waiting, and the first after it is back goes through', async () => {
  const { proxy, direct } = world()
  const near = await openThrough({ awayMs: 200 })
  const { job } = await runningJob(direct.jobs)
  proxy.refuse()
  expect(await settled(near.jobs.get(job.id))).toBeUndefined()
  // More than there are connections: none waits for one.
  const many = await Promise.all(Array.from({ length: 500 }, () => settled(near.jobs.get(job.id))))
  expect(many.filter((found) => found !== undefined)).toEqual([])
  proxy.restore()
  await vi.waitFor(async () => expect(await near.jobs.get(job.id)).toMatchObject({ id: job.id }), { timeout: 20_000, interval: 50 })
})

test('a node that is cut off amid a transaction does not keep others from the job for ever', async () => {
  const { proxy, direct } = world()
  const near = await openThrough()
  const claim = await runningJob(direct.jobs)
  const release = { delayMs: 0, reason: `cut-${randomUUID()}`, attempt: 1 }
  const frozen = proxy.lose(claim.job.id, 'answer', 'freeze')
  const lost = settled(near.jobs.append([{ ...appendOf(claim, 2, 1), release }]))
  await frozen
  await vi.waitFor(async () => expect(await settled(direct.jobs.request(claim.job.id, 'cancel'))).toBeDefined(), { timeout: 60_000 })
  await lost
  const log = await logOf(direct.jobs, claim.job.id)
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
})

test('a node that hears nothing of the database closes all the same', async () => {
  const { proxy } = world()
  const near = await openThrough()
  proxy.freeze()
  const asked = settled(near.check())
  await near.close()
  await asked
  await expect(near.check()).rejects.toMatchObject({ code: 'closed' })
})

test('a database without a connection to spare is waited for', async () => {
  const { server, proxy, direct } = world()
  const near = await openThrough()
  await near.check()
  const others: pg.Client[] = []
  onTestFinished(async () => {
    for (const client of others) await client.end()
  })
  proxy.refuse()
  await expect(async () => {
    for (;;) others.push(await connectTo(server.url))
  }).rejects.toThrow(/too many clients|reserved/)
  proxy.restore()
  const job = newJob()
  await expect(near.check()).rejects.toMatchObject({ code: 'unavailable' })
  const created = near.jobs.create([job])
  for (const client of others.splice(0)) await client.end()
  expect((await created)[0]?.created).toBe(true)
  expect(await direct.jobs.get(job.id)).toBeDefined()
})

test('news comes again after the connection that listens was lost', async () => {
  const { server, proxy, direct } = world()
  const near = await openThrough()
  const claim = await runningJob(direct.jobs)
  const heard: string[] = []
  onTestFinished(near.jobs.wake((ids) => heard.push(...ids)))
  let head = claim.job.head
  const isHeard = async (): Promise<void> => {
    heard.length = 0
    await vi.waitFor(
      async () => {
        expect(await direct.jobs.append([appendOf(claim, head, 1)])).toEqual([{ ok: true }])
        head += 1
        await vi.waitFor(() => expect(heard).toContain(claim.job.id), { timeout: 500 })
      },
      { timeout: 30_000 },
    )
  }
  await isHeard()
  await sql(server.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen%'`)
  await isHeard()
  proxy.cut()
  await isHeard()
})
