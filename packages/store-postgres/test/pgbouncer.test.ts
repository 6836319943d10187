import { openPostgresStores } from '@headway/store-postgres'
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createTestDatabase } from '../../../test/support/postgres.js'
import { appendOf, runningJob } from './support/jobs.js'
import { Load, logOf } from './support/load.js'
import { startPgBouncer } from './support/pgbouncer.js'

test('a pooler in transaction mode may stand between, with a way around it for LISTEN', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const pooler = await startPgBouncer(database.url)
  onTestFinished(() => pooler.close())
  const options = { url: pooler.url, listenUrl: database.url }
  const [one, other] = await Promise.all([openPostgresStores(options), openPostgresStores(options)])
  onTestFinished(async () => {
    await Promise.all([one.close(), other.close()])
  })

  const told: string[] = []
  const without = await openPostgresStores({ url: pooler.url, onNotice: (message) => told.push(message) })
  onTestFinished(() => without.close())
  const load = new Load([one.jobs, other.jobs])
  await load.goesOn(200)
  await load.end()
  await load.verify(other.jobs)
  expect(load.failures).toEqual([])

  const key = `key-${randomUUID()}`
  const sums = await Promise.all([one, other, one].map(({ keyValues }) => keyValues.increment(key, 1)))
  expect(new Set(sums.map(({ value }) => value))).toEqual(new Set([1, 2, 3]))
  const claim = await runningJob(one.jobs)
  const ref = await one.blobs.put(claim.job.id, bytes(300_000))
  let size = 0
  for await (const part of other.blobs.read(ref)) size += part.length
  expect(size).toBe(300_000)

  const heard: string[] = []
  onTestFinished(other.jobs.wake((ids) => heard.push(...ids)))
  expect(await one.jobs.append([appendOf(claim, 2, 1)])).toEqual([{ ok: true }])
  await vi.waitFor(() => expect(heard).toContain(claim.job.id))

  // Without that way it is noticed that nothing comes, and the rest works.
  await vi.waitFor(() => expect(told.join('\n')).toMatch(/don't come .* news is found by polling/), { timeout: 30_000 })
  expect(await without.check()).toMatchObject({ notifications: 'polling' })
  expect(await one.check()).toMatchObject({ notifications: 'listening' })
  expect(await logOf(without.jobs, claim.job.id)).toHaveLength(3)
})

async function* bytes(size: number): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(size)
}
