import type { Stores } from '@headway/core'
import { migratePostgres } from '@headway/store-postgres'
import { describe, expect, test } from 'vitest'
import { postgresUrl } from '../../../test/support/postgres.js'
import { appendOf, newJob, runningJob } from './support/jobs.js'
import { testSchema } from './support/schemas.js'

describe('the schema', () => {
  test('nodes that start at the same time make it once, and all can use it', async () => {
    const schema = await testSchema()
    const nodes = await Promise.all([1, 2, 3, 4].map(() => schema.open()))
    const job = newJob()
    await nodes[0]?.jobs.create([job])
    for (const { jobs } of nodes) expect(await jobs.get(job.id)).toMatchObject({ id: job.id })
    expect(await schema.run('select version from headway.schema_versions')).toEqual([{ version: 1 }])
  })

  test('it can be made ahead, and nodes that may not change it then use it', async () => {
    const schema = await testSchema()
    const unready = schema.open({ migrate: false })
    await expect(unready).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('headway migrate') })
    const options = { url: await postgresUrl(), schema: schema.name }
    expect(await migratePostgres(options)).toEqual({ version: 1, steps: [1] })
    expect(await migratePostgres(options)).toEqual({ version: 1, steps: [] })
    await work(await schema.open({ migrate: false }))
  })

  test('one that a later version changed so that this one could do harm is refused', async () => {
    const schema = await testSchema()
    await schema.open()
    await schema.run('insert into headway.schema_versions values (99, 1, 99, 0)')
    await expect(schema.open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/schema 99.*later version/) })
  })

  test('nodes go on while a later version changes it beside them, and others of their version still start', async () => {
    const schema = await testSchema()
    const running = await schema.open()
    await work(running)
    await schema.run(`alter table headway.jobs add column later text;
      alter table headway.segments add column later bigint not null default 0;
      create index later on headway.jobs (later) where later is not null;
      insert into headway.schema_versions values (99, 1, 1, 0)`)
    await work(running)
    await work(await schema.open())
  })
})

/** What every node does to jobs, from their creation to their end. */
async function work({ jobs }: Stores): Promise<void> {
  const claim = await runningJob(jobs)
  const { id } = claim.job
  await jobs.renew([claim.lease], 60_000)
  await jobs.request(id, 'pause')
  expect(await jobs.append([{ ...appendOf(claim, 2, 1), checkpoint: { at: 1 } }])).toEqual([{ ok: true }])
  expect(await jobs.append([{ ...appendOf(claim, 3, 1), state: { status: 'completed' } }])).toEqual([{ ok: true }])
  expect(await jobs.read(id, { after: 0, maxEvents: 10, maxBytes: 10_000 })).toMatchObject({ head: 4, closed: true })
  expect((await jobs.list({ types: [claim.job.type], limit: 5 })).items).toMatchObject([{ id, status: 'completed' }])
  await jobs.sweep({ limit: 100, retention: { default: {} }, watched: [], watchedGraceMs: 0 })
}
