import { defineJob, JobFailure } from '@headway/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { follow, openStores, startEngine, StoreTime, types, waitForEvent } from './support.js'

/** A gate that a test opens when it has seen what it came for. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('an input that does not fit is refused with the fields, and nothing is created', async () => {
  const engine = await startEngine([defineJob({ name: 'typed', input: z.object({ n: z.number() }), run: () => null })])
  await expect(engine.create('typed', { n: 'x' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR', fields: [{ pointer: '/n' }] })
  await expect(engine.create('nothing', {})).rejects.toMatchObject({ code: 'UNKNOWN_JOB_TYPE' })
  expect((await engine.list({ limit: 10 })).items).toEqual([])
})

test('a type runs no more jobs at a time than its concurrency, a key no more than its limit', async () => {
  let running = 0
  let most = 0
  const door = gate()
  const busy = { most: new Map<string, number>(), now: new Map<string, number>() }
  const engine = await startEngine([
    defineJob({
      name: 'limited',
      input: z.object({ key: z.string() }),
      concurrency: 3,
      concurrencyKey: ({ key }) => ({ key, limit: 1 }),
      async run({ key }) {
        running += 1
        most = Math.max(most, running)
        busy.now.set(key, (busy.now.get(key) ?? 0) + 1)
        busy.most.set(key, Math.max(busy.most.get(key) ?? 0, busy.now.get(key) ?? 0))
        await door.opened
        running -= 1
        busy.now.set(key, (busy.now.get(key) ?? 0) - 1)
      },
    }),
  ])
  const jobs = await Promise.all(Array.from({ length: 12 }, (_, n) => engine.create('limited', { key: `k${n % 4}` })))
  await expect.poll(() => running).toBe(3)
  door.open()
  await Promise.all(jobs.map(({ job }) => engine.finished(job.id, AbortSignal.timeout(10_000))))
  expect(most).toBe(3)
  expect([...busy.most.values()]).toEqual([1, 1, 1, 1])
})

test('higher priority goes first, and a delayed job waits for its time', async () => {
  const order: string[] = []
  const door = gate()
  const time = new StoreTime()
  const engine = await startEngine(
    [
      defineJob({
        name: 'one',
        input: z.string(),
        concurrency: 1,
        async run(name) {
          order.push(name)
          if (name === 'first') await door.opened
        },
      }),
    ],
    { stores: await openStores(time) },
  )
  const first = await engine.create('one', 'first')
  await waitForEvent(engine, first.job.id, 'claimed')
  const later = await engine.create('one', 'later', { runAt: new Date(Date.now() + 3_600_000) })
  await engine.create('one', 'low')
  const high = await engine.create('one', 'high', { priority: 5 })
  door.open()
  await expect.poll(() => order).toEqual(['first', 'high', 'low'])
  expect((await engine.get(high.job.id)).priority).toBe(5)
  expect((await engine.get(later.job.id)).status).toBe('queued')
  time.advance(3_600_001)
  await expect.poll(() => order, { timeout: 5000 }).toEqual(['first', 'high', 'low', 'later'])
})

test('a failed attempt is repeated with a delay, from its checkpoint, and says so', async () => {
  const engine = await startEngine([
    defineJob({
      name: 'flaky',
      input: z.unknown(),
      retry: { attempts: 3, minDelayMs: 1 },
      async run(_, ctx) {
        const done = typeof ctx.saved === 'number' ? ctx.saved : 0
        await ctx.emit('step', { from: done, attempt: ctx.attempt }, { checkpoint: done + 1 })
        if (ctx.attempt < 3) throw new Error(`attempt ${ctx.attempt} broke`)
        return 'fine'
      },
    }),
  ])
  const { job } = await engine.create('flaky', null)
  const events = await follow(engine, job.id)
  expect(types(events)).toEqual(['created', 'claimed', 'step', 'released', 'claimed', 'step', 'released', 'claimed', 'step', 'completed'])
  expect(events.filter(({ type }) => type === 'step').map(({ data }) => data)).toEqual([
    { from: 0, attempt: 1 },
    { from: 1, attempt: 2 },
    { from: 2, attempt: 3 },
  ])
  expect(events[3]?.data).toMatchObject({ reason: 'attempt_failed', error: { code: 'job_error', message: 'attempt 1 broke' } })
})

test('how far a job is can be saved with an event, and is what the job says when it has failed', async () => {
  const engine = await startEngine([
    defineJob({
      name: 'halfway',
      input: z.unknown(),
      async run(_, ctx) {
        for (const done of [1, 2]) await ctx.emit('step', { done }, { progress: { done, total: 4 } })
        throw new Error('no more')
      },
    }),
  ])
  const { job } = await engine.create('halfway', null)
  expect(types(await follow(engine, job.id))).toEqual(['created', 'claimed', 'step', 'step', 'failed'])
  expect(await engine.get(job.id)).toMatchObject({ status: 'failed', progress: { done: 2, total: 4 } })
})

test('a failure has its code, and one that is not retryable ends the job', async () => {
  const engine = await startEngine([
    defineJob({
      name: 'refuse',
      input: z.unknown(),
      retry: { attempts: 5 },
      run() {
        throw new JobFailure('no_paper', 'The printer has no paper.', { retryable: false, details: { tray: 2 } })
      },
    }),
  ])
  const { job } = await engine.create('refuse', null)
  expect(types(await follow(engine, job.id))).toEqual(['created', 'claimed', 'failed'])
  expect(await engine.get(job.id)).toMatchObject({
    status: 'failed',
    error: { code: 'no_paper', message: 'The printer has no paper.', retryable: false, details: { tray: 2 } },
  })
})

test('cancel stops the work; one that does not listen is left behind after its grace', async () => {
  const stubborn = gate()
  const engine = await startEngine([
    defineJob({
      name: 'polite',
      input: z.unknown(),
      run: (_, ctx) => new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))),
    }),
    defineJob({
      name: 'stubborn',
      input: z.unknown(),
      graceMs: 50,
      async run(_, ctx) {
        await stubborn.opened
        await ctx.emit('too-late', {})
      },
    }),
  ])
  for (const name of ['polite', 'stubborn']) {
    const { job } = await engine.create(name, null)
    await waitForEvent(engine, job.id, 'claimed')
    await engine.request(job.id, 'cancel', 'no longer needed')
    const events = await follow(engine, job.id)
    expect(types(events)).toEqual(['created', 'claimed', 'cancelling', 'cancelled'])
    expect(events.at(-1)?.data).toEqual({ reason: 'no longer needed' })
    await expect(engine.request(job.id, 'pause')).rejects.toMatchObject({ code: 'JOB_FINISHED' })
  }
  stubborn.open()
})

test('pause holds the work at its pause point, resume lets it go on', async () => {
  let steps = 0
  const engine = await startEngine([
    defineJob({
      name: 'steps',
      input: z.unknown(),
      pausable: true,
      async run(_, ctx) {
        while (steps < 1_000_000) {
          await ctx.pausePoint()
          steps += 1
          await new Promise((resolve) => setImmediate(resolve))
          if (steps > 20 && ctx.saved === undefined && (await Promise.resolve(done))) return steps
        }
        return steps
      },
    }),
    defineJob({
      name: 'busy',
      input: z.unknown(),
      run: (_, ctx) => new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve())),
    }),
  ])
  let done = false
  const { job } = await engine.create('steps', null)
  await waitForEvent(engine, job.id, 'claimed')
  await engine.request(job.id, 'pause', 'lunch')
  expect((await waitForEvent(engine, job.id, 'paused')).data).toEqual({ reason: 'lunch' })
  expect((await engine.get(job.id)).status).toBe('paused')
  const before = steps
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(steps).toBe(before)
  await engine.request(job.id, 'resume')
  await waitForEvent(engine, job.id, 'resumed')
  done = true
  expect((await engine.finished(job.id, AbortSignal.timeout(10_000))).status).toBe('completed')
  expect(steps).toBeGreaterThan(before)

  const other = await engine.create('busy', null)
  await expect(engine.request(other.job.id, 'pause')).rejects.toMatchObject({ code: 'NOT_PAUSABLE' })
  await engine.request(other.job.id, 'cancel')
})

test('an event that is too large, reserved or badly named fails the job with a reason', async () => {
  const engine = await startEngine([
    defineJob({
      name: 'emits',
      input: z.object({ type: z.string(), size: z.int() }),
      async run({ type, size }, ctx) {
        await ctx.emit(type, 'x'.repeat(size))
      },
    }),
  ])
  const codes: unknown[] = []
  for (const input of [
    { type: 'big', size: 70_000 },
    { type: 'completed', size: 1 },
    { type: 'no spaces', size: 1 },
    { type: 'fine', size: 65_000 },
  ]) {
    const { job } = await engine.create('emits', input)
    const ended = await engine.finished(job.id, AbortSignal.timeout(5000))
    codes.push(ended.error?.code ?? ended.status)
  }
  expect(codes).toEqual(['event_too_large', 'invalid_event', 'invalid_event', 'completed'])
})

test('retry makes a new job that names the old one', async () => {
  const engine = await startEngine([defineJob({ name: 'once', input: z.object({ n: z.int() }), run: ({ n }) => n })])
  const { job } = await engine.create('once', { n: 7 })
  await engine.finished(job.id, AbortSignal.timeout(5000))
  const { job: again } = await engine.retry(job.id)
  expect(again).toMatchObject({ retryOf: job.id, input: { n: 7 } })
  expect((await engine.finished(again.id, AbortSignal.timeout(5000))).result).toBe(7)
})

test('a worker runs no more jobs at a time than it may, over all types', async () => {
  let running = 0
  let most = 0
  const run = async (): Promise<void> => {
    most = Math.max(most, (running += 1))
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
  }
  const names = ['one', 'two', 'three']
  const engine = await startEngine(
    names.map((name) => defineJob({ name, input: z.unknown(), run })),
    { concurrency: 2 },
  )
  const jobs = await Promise.all([...names, ...names].map((name) => engine.create(name, null)))
  await Promise.all(jobs.map(({ job }) => engine.finished(job.id, AbortSignal.timeout(10_000))))
  expect(most).toBe(2)
})

test('a failure whose details can not be written fails the job all the same, once', async () => {
  let runs = 0
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const engine = await startEngine([
    defineJob({
      name: 'wordy',
      input: z.enum(['large', 'cycle']),
      run(which) {
        runs += 1
        const details = which === 'large' ? 'x'.repeat(100_000) : (cycle as never)
        throw new JobFailure('too_wordy', 'The details are of no use.', { details })
      },
    }),
  ])
  for (const which of ['large', 'cycle']) {
    const { job } = await engine.create('wordy', which)
    const { status, error } = await engine.finished(job.id, AbortSignal.timeout(10_000))
    expect({ status, error }).toEqual({
      status: 'failed',
      error: { code: 'too_wordy', message: 'The details are of no use.', retryable: true },
    })
  }
  expect(runs).toBe(2)
})

test('resume right after pause, while the pause is being written, lets the job go on', async () => {
  const engine = await startEngine([
    defineJob({
      name: 'restless',
      input: z.unknown(),
      pausable: true,
      async run(_, ctx) {
        ctx.onPause(() => undefined)
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      },
    }),
  ])
  const { job } = await engine.create('restless', null)
  await waitForEvent(engine, job.id, 'claimed')
  for (let n = 0; n < 10; n += 1) {
    await engine.request(job.id, 'pause')
    await engine.request(job.id, 'resume')
    await expect.poll(async () => engine.get(job.id), { timeout: 5000 }).toMatchObject({ status: 'running' })
    await expect.poll(async () => (await engine.get(job.id)).request, { timeout: 5000 }).toBeUndefined()
  }
  await engine.request(job.id, 'cancel')
})

test('a job that rests for too long is given back; resumed, it begins again', async () => {
  let runs = 0
  const engine = await startEngine([
    defineJob({
      name: 'rests',
      input: z.null(),
      pausable: true,
      maxRestMs: 20,
      async run(_input, ctx) {
        runs += 1
        await ctx.emit('began', runs)
        if (runs > 1) return
        ctx.onPause(() => undefined)
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
        ctx.signal.throwIfAborted()
      },
    }),
  ])
  const { job } = await engine.create('rests', null)
  await waitForEvent(engine, job.id, 'began')
  await engine.request(job.id, 'pause')
  expect((await waitForEvent(engine, job.id, 'released')).data).toMatchObject({ reason: 'rested' })
  await expect.poll(async () => (await engine.figures()).running).toBe(0)
  expect((await engine.get(job.id)).status).toBe('paused')
  await engine.request(job.id, 'resume')
  expect((await engine.finished(job.id, AbortSignal.timeout(10_000))).status).toBe('completed')
  expect(runs).toBe(2)
})

test('light jobs take no place of others', async () => {
  const door = gate()
  const engine = await startEngine(
    [
      defineJob({ name: 'light', input: z.null(), light: true, concurrency: 5, run: () => door.opened }),
      defineJob({ name: 'other', input: z.null(), run: () => null }),
    ],
    { concurrency: 1 },
  )
  const light = await Promise.all(Array.from({ length: 6 }, () => engine.create('light', null)))
  await expect.poll(async () => (await engine.figures()).running).toBe(5)
  const { job } = await engine.create('other', null)
  expect((await engine.finished(job.id, AbortSignal.timeout(10_000))).status).toBe('completed')
  door.open()
  for (const { job: one } of light) await engine.finished(one.id, AbortSignal.timeout(10_000))
})
