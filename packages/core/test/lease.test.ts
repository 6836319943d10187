import { createProcessHost, defineJob } from '@headway/core'
import type { ProcessHost } from '@headway/core'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { follow, openStores, startEngine, StoreTime, types, waitForEvent } from './support.js'

const LEASE_MS = 60_000

test('a worker whose lease ran out can add nothing, and its job goes on from its checkpoint', async () => {
  const time = new StoreTime()
  const stores = await openStores(time)
  const late: unknown[] = []
  let letGo: () => void = () => undefined
  const engine = await startEngine(
    [
      defineJob({
        name: 'frozen',
        input: z.unknown(),
        async run(_, ctx) {
          if (ctx.saved !== undefined) return { from: ctx.saved }
          await ctx.emit('half', {}, { checkpoint: 'half way' })
          await new Promise<void>((resolve) => {
            letGo = resolve
          })
          await ctx.emit('ghost', {}).catch((error: unknown) => late.push(error))
          return 'ghost'
        },
      }),
    ],
    { stores, leaseMs: LEASE_MS },
  )
  const { job } = await engine.create('frozen', null)
  await waitForEvent(engine, job.id, 'half')
  time.advance(61_000)
  const events = await follow(engine, job.id)
  letGo()
  await expect.poll(() => late).toHaveLength(1)
  expect(late[0]).toMatchObject({ name: 'LeaseLostError' })
  expect(types(events)).toEqual(['created', 'claimed', 'half', 'recovered', 'claimed', 'completed'])
  expect(events.at(-1)?.data).toEqual({ result: { from: 'half way' } })
  expect(types(await follow(engine, job.id))).toEqual(types(events))
})

test('events that the work does not wait for end nothing but themselves when the lease is lost', async () => {
  const time = new StoreTime()
  const stores = await openStores(time)
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  const engine = await startEngine(
    [
      defineJob({
        name: 'hasty',
        input: z.unknown(),
        async run(_, ctx) {
          if (ctx.epoch > 1) return
          await ctx.emit('begun', {})
          while (!ctx.signal.aborted) {
            void ctx.emit('hasty', {})
            void ctx.log('info', 'hasty')
            void ctx.progress({ done: 1, total: 2 })
            await new Promise((resolve) => setTimeout(resolve, 1))
          }
          void ctx.emit('late', {})
        },
      }),
    ],
    { stores, leaseMs: LEASE_MS },
  )
  const { job } = await engine.create('hasty', null)
  await waitForEvent(engine, job.id, 'begun')
  time.advance(61_000)
  const events = await follow(engine, job.id)
  expect(types(events).at(-1)).toBe('completed')
  expect(types(events)).not.toContain('late')
  // Rejections are told of after the microtasks of their turn.
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})

test('a program may run as long as the lease that it is started under, and no longer', async () => {
  const real = createProcessHost()
  const given: number[] = []
  const processHost: ProcessHost = {
    start(run, script, leaseMs) {
      given.push(leaseMs)
      return real.start(run, script, leaseMs)
    },
    extend: (runs, leaseMs) => real.extend(runs, leaseMs),
    kill: (run) => real.kill(run),
    close: () => real.close(),
  }
  const engine = await startEngine(
    [
      defineJob({
        name: 'later',
        input: z.unknown(),
        async run(_, ctx) {
          for (let n = 0; n < 20; n += 1) await ctx.emit('before', {})
          await (
            await ctx.spawn({ command: process.execPath, args: ['-e', '0'], cwd: '/', env: {} })
          ).exit
        },
      }),
    ],
    { processHost, leaseMs: LEASE_MS },
  )
  const { job } = await engine.create('later', null)
  expect((await engine.finished(job.id, AbortSignal.timeout(20_000))).status).toBe('completed')
  expect(given).toHaveLength(1)
  expect(given[0]).toBeGreaterThan(0)
  expect(given[0]).toBeLessThan(LEASE_MS)
})

test('draining gives a job back at its next checkpoint, without counting an attempt', async () => {
  const stores = await openStores()
  const type = defineJob({
    name: 'chapters',
    input: z.unknown(),
    async run(_, ctx) {
      for (let chapter = typeof ctx.saved === 'number' ? ctx.saved : 0; chapter < 1000; chapter += 1) {
        await ctx.emit('chapter', { chapter }, { checkpoint: chapter + 1 })
        if (chapter > 20 && ctx.epoch > 1) return chapter
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
  })
  const first = await startEngine([type], { stores })
  const { job } = await first.create('chapters', null)
  await waitForEvent(first, job.id, 'chapter')
  await first.drain()
  expect(await first.get(job.id)).toMatchObject({ status: 'queued', attempt: 1 })
  const second = await startEngine([type], { stores })
  const events = await follow(second, job.id)
  const chapters = events.filter((event) => event.type === 'chapter').map(({ data }) => (data as { chapter: number }).chapter)
  expect(chapters).toEqual(chapters.map((_, index) => index))
  expect(events.find((event) => event.type === 'released')?.data).toMatchObject({ reason: 'server_stopped' })
  expect(types(events).at(-1)).toBe('completed')
})

test('checkpoints that nobody waits for do no harm to a drain, and what was emitted is there after it', async () => {
  const stores = await openStores()
  const type = defineJob({
    name: 'hurried',
    input: z.unknown(),
    async run(_, ctx) {
      for (let n = typeof ctx.saved === 'number' ? ctx.saved : 0; !ctx.signal.aborted; n += 2) {
        if (ctx.epoch > 1) return n
        void ctx.emit('step', n, { checkpoint: n + 1 })
        void ctx.emit('step', n + 1, { checkpoint: n + 2 })
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  })
  const first = await startEngine([type], { stores, shutdownGraceMs: 60_000 })
  const { job } = await first.create('hurried', null)
  await waitForEvent(first, job.id, 'step')
  await first.drain()
  expect(await first.get(job.id)).toMatchObject({ status: 'queued' })
  const events = await follow(await startEngine([type], { stores }), job.id)
  const steps = events.filter((event) => event.type === 'step').map(({ data }) => data)
  expect(steps).toEqual(steps.map((_, index) => index))
  expect(events.at(-1)?.data).toEqual({ result: steps.length })
})

test('a paused job stays paused when its server stops, and goes on elsewhere when it is resumed', async () => {
  const stores = await openStores()
  const type = defineJob({
    name: 'resting',
    input: z.unknown(),
    pausable: true,
    async run(_, ctx) {
      while (ctx.epoch === 1) {
        await ctx.pausePoint()
        await new Promise((resolve) => setImmediate(resolve))
      }
      return 'rested'
    },
  })
  const first = await startEngine([type], { stores, shutdownGraceMs: 60_000 })
  const { job } = await first.create('resting', null)
  await waitForEvent(first, job.id, 'claimed')
  await first.request(job.id, 'pause')
  await waitForEvent(first, job.id, 'paused')
  await first.drain()
  expect(await first.get(job.id)).toMatchObject({ status: 'paused' })
  const second = await startEngine([type], { stores })
  await second.request(job.id, 'resume')
  expect(types(await follow(second, job.id))).toEqual([
    'created',
    'claimed',
    'paused',
    'released',
    'paused',
    'resumed',
    'claimed',
    'completed',
  ])
})

test('a job that can not go on elsewhere fails with server_stopped, and what it started is gone', async () => {
  const engine = await startEngine(
    [
      defineJob({
        name: 'script',
        input: z.unknown(),
        maxRecoveries: 0,
        graceMs: 100,
        async run(_, ctx) {
          const script = await ctx.spawn({ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e6)'], cwd: '/', env: {} })
          await ctx.emit('pid', script.pid)
          await script.exit
        },
      }),
    ],
    { processHost: createProcessHost(), shutdownGraceMs: 50 },
  )
  const { job } = await engine.create('script', null)
  const pid = (await waitForEvent(engine, job.id, 'pid')).data as number
  await engine.drain()
  expect(await engine.get(job.id)).toMatchObject({ status: 'failed', error: { code: 'server_stopped' } })
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
