import type { JobStore, SweepOptions } from '@headway/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postgresUrl } from '../../../test/support/postgres.js'
import { appendOf, newJob, runningJob } from './support/jobs.js'
import { testSchema } from './support/schemas.js'
import type { TestSchema } from './support/schemas.js'
import { connectTo } from './support/sql.js'

const DAY_MS = 24 * 3_600_000

const keepNothing: SweepOptions = { limit: 1000, retention: { default: { maxAgeMs: DAY_MS } }, watched: [], watchedGraceMs: 0 }

describe('partitions by day', () => {
  test('a job of a day for which nothing was made ready is created all the same', async () => {
    const schema = await testSchema()
    const { jobs } = await schema.open()
    for (const days of [10, 3, -3]) {
      await schema.setClock(days * DAY_MS)
      const job = newJob()
      expect(await jobs.create([job])).toMatchObject([{ created: true }])
      expect(await jobs.read(job.id, { after: 0, maxEvents: 5, maxBytes: 1000 })).toMatchObject({ head: 1 })
    }
  })

  test('when all jobs of a day are gone, its tables are dropped; those of other days stay', async () => {
    const schema = await testSchema()
    const first = await schema.open()
    await finished(first.jobs)
    await finished(first.jobs)
    const before = await tablesOf(schema)
    await schema.setClock(4 * DAY_MS)
    const later = await schema.open()
    const kept = await finished(later.jobs)
    expect((await later.jobs.sweep(keepNothing)).pruned).toHaveLength(2)
    const after = await tablesOf(schema)
    expect(after.filter((table) => before.includes(table))).toEqual([])
    expect(after.length).toBeGreaterThanOrEqual(4)
    expect(await schema.run('select * from headway.garbage')).toEqual([])
    expect(await later.jobs.read(kept, { after: 0, maxEvents: 5, maxBytes: 1000 })).toMatchObject({ head: 3, closed: true })
  })

  test('what pruned jobs left is removed row by row where a job that is kept holds its day', async () => {
    const schema = await testSchema()
    const first = await schema.open()
    const gone = await finished(first.jobs)
    const kept = await runningJob(first.jobs)
    await schema.setClock(2 * DAY_MS)
    expect((await first.jobs.sweep(keepNothing)).pruned).toEqual([gone])
    expect(await rowsOf(schema)).toEqual({ segments: 6, details: 2 })
    await schema.setClock(5 * DAY_MS)
    while ((await first.jobs.sweep(keepNothing)).more);
    expect(await rowsOf(schema)).toEqual({ segments: 3, details: 1 })
    expect(await first.jobs.get(kept.job.id)).toMatchObject({ status: 'queued' })
  })
})

test('tables that somebody reads stay for now, and keep the sweep from nothing else', async () => {
  const schema = await testSchema()
  const { jobs } = await schema.open()
  await finished(jobs)
  const before = await tablesOf(schema)
  await schema.setClock(4 * DAY_MS)
  const later = await schema.open()
  const reader = await connectTo(await postgresUrl())
  onTestFinished(() => reader.end())
  await reader.query('begin')
  await reader.query(`select count(*) from ${schema.name}.segments`)
  await reader.query(`select count(*) from ${schema.name}.details`)
  expect((await later.jobs.sweep(keepNothing)).pruned).toHaveLength(1)
  expect((await tablesOf(schema)).filter((table) => before.includes(table))).toEqual(before)
  await reader.query('rollback')
  await (await schema.open()).jobs.sweep(keepNothing)
  expect((await tablesOf(schema)).filter((table) => before.includes(table))).toEqual([])
})

async function finished(jobs: JobStore): Promise<string> {
  const claim = await runningJob(jobs)
  await jobs.append([{ ...appendOf(claim, 2, 1), state: { status: 'completed' } }])
  return claim.job.id
}

async function tablesOf(schema: TestSchema): Promise<string[]> {
  const rows = await schema.run<{ name: string }>(
    `select relname as name from pg_class where relnamespace = '${schema.name}'::regnamespace and relispartition and relkind = 'r' order by 1`,
  )
  return rows.map(({ name }) => name)
}

async function rowsOf(schema: TestSchema): Promise<{ segments: number; details: number }> {
  const [row] = await schema.run<{ segments: number; details: number }>(
    'select (select count(*)::integer from headway.segments) as segments, (select count(*)::integer from headway.details) as details',
  )
  return row ?? { segments: 0, details: 0 }
}
