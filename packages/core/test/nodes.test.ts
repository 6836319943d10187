import { createProcessHost, defineJob, StoreError } from '@headway/core'
import type { JobStore, StoreSpell, Stores } from '@headway/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { follow, openStores, startEngine, types, waitForEvent } from './support.js'

const PATIENCE_MS = 20_000

/** The stores, with some of the calls for jobs in others' hands. */
function withCalls(stores: Stores, calls: Partial<JobStore>): Stores {
  const jobs = new Proxy(stores.jobs, {
    get(target, name) {
      const own: unknown = Reflect.get(calls, name)
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { ...stores, jobs }
}

/** Counts the claims of a store. */
function countingClaims(stores: Stores): { readonly stores: Stores; readonly claims: () => number } {
  let claims = 0
  const counted = withCalls(stores, {
    claim(...args) {
      claims += 1
      return stores.jobs.claim(...args)
    },
  })
  return { stores: counted, claims: () => claims }
}

test('a node that runs nothing makes, follows and cancels jobs that run at another', async () => {
  const stores = await openStores()
  const where: string[] = []
  const typesOf = (node: string) =>
    ['short', 'long'].map((name) =>
      defineJob({
        name,
        input: z.unknown(),
        async run(_, ctx) {
          where.push(`${node} ${name}`)
          if (name === 'short') return
          while (!ctx.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5))
        },
      }),
    )
  const door = await startEngine(typesOf('door'), { stores, work: 'none' })
  await startEngine(typesOf('short ones'), { stores, work: ['short'] })
  const long = (await door.create('long', null)).job
  const short = (await door.create('short', null)).job
  expect(types(await follow(door, short.id))).toEqual(['created', 'claimed', 'completed'])
  expect(await door.get(long.id)).toMatchObject({ status: 'queued' })
  await startEngine(typesOf('all'), { stores })
  await waitForEvent(door, long.id, 'claimed')
  await door.request(long.id, 'cancel', 'enough')
  expect(types(await follow(door, long.id))).toEqual(['created', 'claimed', 'cancelling', 'cancelled'])
  expect(where).toEqual(['short ones short', 'all long'])
  expect(await door.figures()).toMatchObject({ slots: 0, running: 0 })
})

test('the limit of a type over all workers holds over two of them', async () => {
  const stores = await openStores()
  let running = 0
  let most = 0
  const type = defineJob({
    name: 'scarce',
    input: z.unknown(),
    maxRunning: 3,
    async run() {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 10))
      running -= 1
    },
  })
  const engines = [await startEngine([type], { stores }), await startEngine([type], { stores })]
  const jobs = await Promise.all(Array.from({ length: 12 }, async (_, n) => engines[n % 2]?.create('scarce', null)))
  for (const made of jobs) await engines[0]?.finished(made?.job.id ?? '', AbortSignal.timeout(PATIENCE_MS))
  expect(most).toBe(3)
})

test('what a job writes brings nobody to look for jobs', async () => {
  const { stores, claims } = countingClaims(await openStores())
  let before = 0
  let during = 0
  const engine = await startEngine(
    [
      defineJob({
        name: 'talkative',
        input: z.unknown(),
        async run(_, ctx) {
          before = claims()
          for (let n = 0; n < 100; n += 1) {
            await ctx.emit('word', n)
            await new Promise((resolve) => setImmediate(resolve))
          }
          during = claims() - before
        },
      }),
    ],
    { stores },
  )
  await startEngine([], { stores, work: 'none' })
  const { job } = await engine.create('talkative', null)
  expect(await engine.finished(job.id, AbortSignal.timeout(PATIENCE_MS))).toMatchObject({ status: 'completed' })
  // The look that took the job looks once more, and another may fall due meanwhile.
  expect(during).toBeLessThan(10)
})

test('a node whose clock is ahead of the store waits for a delayed job as others do', async () => {
  const { stores, claims } = countingClaims(await openStores())
  const ahead = {
    now: () => Date.now() + 3_600_000,
    after(ms: number, callback: () => void) {
      const timer = setTimeout(callback, ms).unref()
      return () => clearTimeout(timer)
    },
  }
  let failures = 1
  const type = defineJob({
    name: 'delayed',
    input: z.unknown(),
    retry: { attempts: 2, minDelayMs: 20 },
    run() {
      failures -= 1
      if (failures >= 0) throw new Error('not yet')
    },
  })
  const engine = await startEngine([type], { stores, clock: ahead })
  const { job } = await engine.create('delayed', null, { runAt: new Date(Date.now() + 500) })
  // The delay of the second attempt is by the store's clock, too: else it would come in an hour.
  expect(await engine.finished(job.id, AbortSignal.timeout(PATIENCE_MS))).toMatchObject({ status: 'completed', attempt: 2 })
  expect(claims()).toBeLessThan(60)
})

test('a node that begins kills what is left of lost runs, and nothing of a living neighbour', async () => {
  const stores = await openStores()
  const type = defineJob({
    name: 'script',
    input: z.unknown(),
    graceMs: 100,
    async run(_, ctx) {
      const script = await ctx.spawn({ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e6)'], cwd: '/', env: {} })
      await ctx.emit('pid', script.pid)
      await script.exit
    },
  })
  const first = await startEngine([type], { stores, processHost: createProcessHost() })
  const { job } = await first.create('script', null)
  const pid = (await waitForEvent(first, job.id, 'pid')).data as number
  // One that pretends to be of the run before.
  const host = createProcessHost()
  const left = await host.start(
    `${job.id}:0`,
    { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e6)'], cwd: '/', env: {} },
    60_000,
  )
  await startEngine([], { stores, processHost: createProcessHost() })
  expect((await left.exit).signal).toBe('SIGKILL')
  expect(process.kill(pid, 0)).toBe(true)
  await host.close()
  await first.request(job.id, 'cancel')
  await follow(first, job.id)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a spell of trouble with the store is told once, and its end', async () => {
  const stores = await openStores()
  let away = false
  const fail = async (): Promise<never> => Promise.reject(new StoreError('unavailable', 'The database is away.'))
  const shaky = withCalls(stores, {
    claim: (...args) => (away ? fail() : stores.jobs.claim(...args)),
    sweep: (...args) => (away ? fail() : stores.jobs.sweep(...args)),
    read: (...args) => (away ? fail() : stores.jobs.read(...args)),
  })
  const errors: unknown[] = []
  const spells: StoreSpell[] = []
  const engine = await startEngine([defineJob({ name: 'any', input: z.unknown(), run: () => null })], {
    stores: shaky,
    sweepMs: 5,
    onError: (error) => errors.push(error),
    onStoreWell: (spell) => spells.push(spell),
  })
  for (const spell of [1, 2]) {
    away = true
    const { job } = await engine.create('any', null)
    await expect.poll(() => errors.length, { timeout: PATIENCE_MS }).toBe(spell)
    away = false
    expect(await engine.finished(job.id, AbortSignal.timeout(PATIENCE_MS))).toMatchObject({ status: 'completed' })
    await expect.poll(() => spells.length, { timeout: PATIENCE_MS }).toBe(spell)
  }
  expect(errors).toHaveLength(2)
  expect(spells[0]?.failures).toBeGreaterThan(0)
})
