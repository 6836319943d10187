import type { Claim, JobStore, NewJob } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { LEASE_MS, append, appendOf, claimOne, complete, createJob, sweepOf, uniqueType } from './kit.js'

export function describeLimits(open: OpenStore): void {
  describe('limits of a concurrency key', () => {
    const store = useStore(open)

    async function claimAll(jobs: JobStore, ...types: readonly string[]): Promise<readonly Claim[]> {
      return jobs.claim(
        'w',
        types.map((type) => ({ type, limit: 100 })),
        LEASE_MS,
      )
    }
    function keyed(keyLimit = 1): Partial<NewJob> & { concurrencyKey: string } {
      return { concurrencyKey: uniqueType(), keyLimit }
    }

    test('no more than the limit run at a time, and the next follows when one ends', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const key = keyed(2)
      const ids: string[] = []
      for (let i = 0; i < 5; i++) ids.push((await createJob(jobs, type, key)).id)
      const running = [...(await claimAll(jobs, type))]
      expect(running.map(({ job }) => job.id)).toEqual(ids.slice(0, 2))
      expect(await claimAll(jobs, type)).toEqual([])
      for (const expected of ids.slice(2)) {
        const first = running.shift()
        if (first !== undefined) await complete(jobs, first)
        const next = await claimAll(jobs, type)
        expect(next.map(({ job }) => job.id)).toEqual([expected])
        running.push(...next)
      }
    })

    test('jobs behind those that wait for a key are claimed', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const key = keyed()
      for (let i = 0; i < 30; i++) await createJob(jobs, type, { ...key, priority: 5 })
      const free = await createJob(jobs, type)
      const otherKey = await createJob(jobs, type, keyed())
      await claimOne(jobs, type)
      expect((await jobs.claim('w', [{ type, limit: 2 }], LEASE_MS)).map(({ job }) => job.id)).toEqual([free.id, otherKey.id])
    })

    test('one key is shared between types', async () => {
      const { jobs } = store().stores
      const [a, b] = [uniqueType(), uniqueType()]
      const key = keyed()
      await createJob(jobs, a, key)
      const second = await createJob(jobs, b, key)
      await createJob(jobs, a, key)
      const [first, ...more] = await claimAll(jobs, a, b)
      expect(more).toEqual([])
      if (first === undefined) throw new Error('Nothing was claimed.')
      await complete(jobs, first)
      expect((await claimAll(jobs, b)).map(({ job }) => job.id)).toEqual([second.id])
    })

    test('a type that nobody claims does not keep a key from the others', async () => {
      const { jobs } = store().stores
      const [a, unclaimed] = [uniqueType(), uniqueType()]
      const key = keyed()
      await createJob(jobs, a, key)
      const first = await claimOne(jobs, a)
      await createJob(jobs, unclaimed, { ...key, priority: 9 })
      const next = await createJob(jobs, a, key)
      expect(await claimAll(jobs, a)).toEqual([])
      await complete(jobs, first)
      expect((await claimAll(jobs, a)).map(({ job }) => job.id)).toEqual([next.id])
    })

    test('among those that wait for a key, priority decides', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const key = keyed()
      await createJob(jobs, type, key)
      const first = await claimOne(jobs, type)
      const low = await createJob(jobs, type, key)
      expect(await claimAll(jobs, type)).toEqual([])
      const high = await createJob(jobs, type, { ...key, priority: 1 })
      await complete(jobs, first)
      const next = await claimAll(jobs, type)
      expect(next.map(({ job }) => job.id)).toEqual([high.id])
      for (const claim of next) await complete(jobs, claim)
      expect((await claimAll(jobs, type)).map(({ job }) => job.id)).toEqual([low.id])
    })

    test('a paused job keeps its place, a released one gives it up', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const key = keyed()
      await createJob(jobs, type, key)
      const claim = await claimOne(jobs, type)
      const waiting = await createJob(jobs, type, key)
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused' } }))
      expect(await claimAll(jobs, type)).toEqual([])
      await append(jobs, appendOf(claim, ['resumed'], { base: claim.job.head + 1, state: { status: 'running' } }))
      const release = { delayMs: 100 * LEASE_MS, reason: 'retry', attempt: 2 }
      await append(jobs, appendOf(claim, ['released'], { base: claim.job.head + 2, release }))
      expect((await claimAll(jobs, type)).map(({ job }) => job.id)).toEqual([waiting.id])
    })

    test('a cancelled job in the queue makes way for those behind it', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const key = keyed()
      await createJob(jobs, type, key)
      const running = await claimOne(jobs, type)
      const [second, third] = [await createJob(jobs, type, key), await createJob(jobs, type, key)]
      expect(await claimAll(jobs, type)).toEqual([])
      await complete(jobs, running)
      await jobs.request(second.id, 'cancel')
      expect((await claimAll(jobs, type)).map(({ job }) => job.id)).toEqual([third.id])
    })

    test('a lost worker gives up its place', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const key = keyed()
      const lost = await createJob(jobs, type, { ...key, maxRecoveries: 0 })
      await claimOne(jobs, type)
      const next = await createJob(jobs, type, key)
      expect(await claimAll(jobs, type)).toEqual([])
      await advance(LEASE_MS + 1)
      expect(await claimAll(jobs, type)).toEqual([])
      expect((await jobs.sweep(sweepOf())).ended).toContain(lost.id)
      expect((await claimAll(jobs, type)).map(({ job }) => job.id)).toEqual([next.id])
    })

    test('where several gave up their places at once, as many follow', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const key = keyed(3)
      for (let i = 0; i < 3; i++) await createJob(jobs, type, { ...key, maxRecoveries: 0 })
      expect(await claimAll(jobs, type)).toHaveLength(3)
      for (let i = 0; i < 5; i++) await createJob(jobs, type, key)
      expect(await claimAll(jobs, type)).toEqual([])
      await advance(LEASE_MS + 1)
      expect((await jobs.sweep(sweepOf())).ended).toHaveLength(3)
      expect(await claimAll(jobs, type)).toHaveLength(3)
    })

    test('delayed jobs respect the key when their time comes', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const key = keyed()
      const { createdAt } = await createJob(jobs, uniqueType())
      const runAt = new Date(Date.parse(createdAt) + 1000)
      for (let i = 0; i < 3; i++) await createJob(jobs, type, { ...key, runAt })
      await advance(1001)
      expect(await claimAll(jobs, type)).toHaveLength(1)
      expect(await claimAll(jobs, type)).toHaveLength(0)
    })
  })
}
