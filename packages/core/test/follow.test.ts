import { defineJob, HistoryGoneError } from '@headway/core'
import type { JobStore, LogEvent } from '@headway/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { follow, openStores, startEngine, StoreTime, types } from './support.js'

const count = defineJob({
  name: 'count',
  input: z.object({ to: z.int() }),
  async run({ to }, ctx) {
    for (let n = 1; n <= to; n += 1) await ctx.emit('number', { n })
    return { sum: (to * (to + 1)) / 2 }
  },
})

test('a watcher gets every event once, in order, from any cursor', async () => {
  const engine = await startEngine([count])
  const { job } = await engine.create('count', { to: 50 })
  const all = await follow(engine, job.id)
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
  expect(types(all)).toEqual(['created', 'claimed', ...Array<string>(50).fill('number'), 'completed'])
  expect(all.at(-1)?.data).toEqual({ result: { sum: 1275 } })
  for (const after of [1, 2, 30, 52, 53]) {
    const rest = await follow(engine, job.id, after)
    expect(rest.map(({ line }) => line)).toEqual(all.slice(after).map(({ line }) => line))
  }
})

test('watchers that join while the job runs see the same as one that was there from the start', async () => {
  const engine = await startEngine([count])
  const { job } = await engine.create('count', { to: 2000 })
  const early = follow(engine, job.id)
  const late: Promise<LogEvent[]>[] = []
  for await (const batch of engine.follow(job.id, { after: 0, signal: AbortSignal.timeout(20_000) })) {
    if (late.length < 20) late.push(follow(engine, job.id, batch.at(-1)?.seq ?? 0), follow(engine, job.id))
  }
  const lines = (await early).map(({ line }) => line)
  for (const events of await Promise.all(late)) {
    expect(events.map(({ line }) => line)).toEqual(lines.slice((events[0]?.seq ?? lines.length + 1) - 1))
  }
})

test('a watcher that does not read costs nothing and misses nothing', async () => {
  const engine = await startEngine([
    defineJob({
      name: 'talk',
      input: z.unknown(),
      async run(_, ctx) {
        const text = 'x'.repeat(10_000)
        for (let n = 0; n < 300; n += 1) await ctx.emit('talk', text)
      },
    }),
  ])
  const { job } = await engine.create('talk', null)
  const slow = engine.follow(job.id, { after: 0, signal: AbortSignal.timeout(20_000) })
  const first = await slow.next()
  await engine.finished(job.id, AbortSignal.timeout(20_000))
  const seen = [...(first.value ?? [])]
  for await (const batch of slow) {
    expect(batch.length === 1 || batch.reduce((sum, { bytes }) => sum + bytes, 0) <= 32 * 1024).toBe(true)
    seen.push(...batch)
  }
  expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 303 }, (_, index) => index + 1))
})

test('watchers that are behind at different places share what is read, and each gets every event once', async () => {
  const opened = await openStores()
  let reads = 0
  const read: JobStore['read'] = (id, range) => {
    reads += 1
    return opened.jobs.read(id, range)
  }
  const jobs: JobStore = new Proxy(opened.jobs, {
    get: (store, name) => (name === 'read' ? read : (Reflect.get(store, name) as () => unknown).bind(store)),
  })
  const engine = await startEngine(
    [
      defineJob({
        name: 'talk',
        input: z.unknown(),
        async run(_, ctx) {
          const text = 'x'.repeat(1000)
          for (let n = 0; n < 2000; n += 1) void ctx.emit('talk', text)
        },
      }),
    ],
    { stores: { ...opened, jobs } },
  )
  const { job } = await engine.create('talk', null)
  await engine.finished(job.id, AbortSignal.timeout(20_000))
  const all = (await follow(engine, job.id)).map(({ line }) => line)
  reads = 0
  await follow(engine, job.id)
  const readsOfOne = reads
  reads = 0
  const cursors = Array.from({ length: 50 }, (_, n) => n * 3)
  const found = await Promise.all(cursors.map((after) => follow(engine, job.id, after)))
  for (const [index, events] of found.entries()) expect(events.map(({ line }) => line)).toEqual(all.slice(cursors[index]))
  // Each has a first page of its own, more or less; then all go together.
  expect(reads).toBeLessThan(cursors.length + readsOfOne * 2)
})

test('a cursor beyond the end is told, and so is a log that is gone', async () => {
  const time = new StoreTime()
  const stores = await openStores(time)
  const engine = await startEngine([count], { stores, retention: { default: { maxAgeMs: 60_000 } } })
  const { job } = await engine.create('count', { to: 3 })
  await engine.finished(job.id, AbortSignal.timeout(5000))
  await expect(follow(engine, job.id, 99)).rejects.toMatchObject({ name: 'HistoryGoneError', reason: 'ahead', resumeAfter: 0, head: 6 })
  const reader = engine.follow(job.id, { after: 0, signal: AbortSignal.timeout(20_000) })
  expect((await reader.next()).value).toHaveLength(6)
  await reader.return()
  time.advance(61_000)
  await expect.poll(() => engine.get(job.id).catch((error: unknown) => error)).toMatchObject({ code: 'JOB_NOT_FOUND' })
  await expect(follow(engine, job.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  expect(new HistoryGoneError('pruned', 0, 0).message).toContain('pruned')
})

test('an aborted watcher stops, and the job does not', async () => {
  const engine = await startEngine([count])
  const { job } = await engine.create('count', { to: 500 })
  const abort = new AbortController()
  let batches = 0
  for await (const _ of engine.follow(job.id, { after: 0, signal: abort.signal })) {
    batches += 1
    abort.abort()
  }
  expect(batches).toBe(1)
  expect((await engine.finished(job.id, AbortSignal.timeout(20_000))).status).toBe('completed')
})
