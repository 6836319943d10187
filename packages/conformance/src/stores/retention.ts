import type { JobStore } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { createJob, existing, finishedJob, newJob, runningJob, sweepOf, uniqueType } from './kit.js'

const KEEP_NONE = { default: { maxFinished: 0 } }

export function describeRetention(open: OpenStore): void {
  describe('retention', () => {
    const store = useStore(open)

    async function finishedJobs(jobs: JobStore, type: string, count: number, advance: (ms: number) => Promise<void>): Promise<string[]> {
      const ids: string[] = []
      for (let i = 0; i < count; i++) {
        ids.push((await finishedJob(jobs, type)).id)
        await advance(10)
      }
      return ids
    }

    test('of each type the newest finished jobs are kept', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const [a, b] = [uniqueType(), uniqueType()]
      const ofA = await finishedJobs(jobs, a, 4, advance)
      const ofB = await finishedJobs(jobs, b, 4, advance)
      const retention = { default: {}, byType: { [a]: { maxFinished: 1 }, [b]: { maxFinished: 3 } } }
      const { pruned } = await jobs.sweep(sweepOf({ retention }))
      expect(pruned.toSorted()).toEqual([...ofA.slice(0, 3), ...ofB.slice(0, 1)].toSorted())
      for (const id of pruned) {
        expect(await jobs.get(id)).toBeUndefined()
        expect(await jobs.read(id, { after: 0, maxEvents: 1, maxBytes: 1 })).toBeUndefined()
      }
      const rest = await jobs.list({ types: [a, b], limit: 10 })
      expect(rest.items.map(({ id }) => id).toSorted()).toEqual([...ofA.slice(3), ...ofB.slice(1)].toSorted())
      expect((await jobs.sweep(sweepOf({ retention }))).pruned).toEqual([])
      expect((await jobs.counts()).filter(({ type }) => type === a)).toEqual([{ type: a, status: 'completed', count: 1, pruned: 3 }])
    })

    test('types of one group are counted together, and go by age whatever their type', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const [a, b, alone] = [uniqueType(), uniqueType(), uniqueType()]
      const ids: string[] = []
      for (const type of [a, b, a, b, a]) ids.push(...(await finishedJobs(jobs, type, 1, advance)))
      const others = await finishedJobs(jobs, alone, 3, advance)
      const groups = [{ types: [a, b, uniqueType()], keep: { maxFinished: 3 } }]
      const retention = { default: { maxFinished: 2 }, byType: { [a]: { maxFinished: 0 } }, groups }
      // Other types of this store are under the default, too.
      const { pruned } = await jobs.sweep(sweepOf({ retention }))
      expect(pruned.filter((id) => [...ids, ...others].includes(id)).toSorted()).toEqual(
        [...ids.slice(0, 2), ...others.slice(0, 1)].toSorted(),
      )
      expect((await jobs.sweep(sweepOf({ retention }))).pruned).toEqual([])
      const limited = { ...retention, groups: [{ types: [a, b], keep: { maxFinished: 1 } }] }
      expect(await jobs.sweep(sweepOf({ retention: limited, limit: 1 }))).toMatchObject({ pruned: [ids[2]], more: true })
      expect((await jobs.sweep(sweepOf({ retention: limited }))).pruned).toEqual([ids[3]])
      await advance(60_000)
      const aged = { default: {}, groups: [{ types: [a, b], keep: { maxAgeMs: 60_000 } }] }
      expect((await jobs.sweep(sweepOf({ retention: aged }))).pruned).toEqual([ids[4]])
    })

    test('finished jobs over an age are removed', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const retention = { default: {}, byType: { [type]: { maxAgeMs: 60_000 } } }
      const [old] = await finishedJobs(jobs, type, 1, advance)
      await advance(50_000)
      const [young] = await finishedJobs(jobs, type, 1, advance)
      expect((await jobs.sweep(sweepOf({ retention }))).pruned).toEqual([])
      await advance(20_000)
      expect((await jobs.sweep(sweepOf({ retention }))).pruned).toEqual([old])
      await advance(60_000)
      expect((await jobs.sweep(sweepOf({ retention }))).pruned).toEqual([young])
    })

    test('jobs that are not over are never removed', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const running = await runningJob(jobs)
      const queued = await createJob(jobs, uniqueType())
      const paused = await createJob(jobs, uniqueType())
      await jobs.request(paused.id, 'pause')
      await advance(10_000)
      await jobs.sweep(sweepOf({ retention: { default: { maxFinished: 0, maxAgeMs: 1 } } }))
      for (const { id } of [running.job, queued, paused]) await existing(jobs, id)
    })

    test('a watched job has a grace from when it was found due, at whatever node it is watched', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const { id } = await finishedJob(jobs, uniqueType())
      const sweep = async (watched: readonly string[]): Promise<readonly string[]> =>
        (await jobs.sweep(sweepOf({ retention: KEEP_NONE, watched, watchedGraceMs: 10_000 }))).pruned
      expect(await sweep([id])).not.toContain(id)
      await advance(4000)
      expect(await sweep([])).not.toContain(id)
      expect(await sweep([id])).not.toContain(id)
      await advance(4000)
      expect(await sweep([id])).not.toContain(id)
      await existing(jobs, id)
      await advance(3000)
      expect(await sweep([id])).toContain(id)
      expect(await jobs.get(id)).toBeUndefined()
    })

    test('a watched job does not keep the others', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const ids = await finishedJobs(jobs, type, 3, advance)
      const watched = ids.slice(0, 1)
      const { pruned } = await jobs.sweep(sweepOf({ retention: KEEP_NONE, watched, watchedGraceMs: 10_000 }))
      expect(pruned).toEqual(expect.arrayContaining(ids.slice(1)))
      expect(pruned).not.toContain(ids[0])
    })

    test('with a job go its checkpoint and its idempotency key', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const idempotency = { scope: type, key: 'k', fingerprint: 'f' }
      const { id } = await finishedJob(jobs, type, { idempotency })
      expect((await jobs.sweep(sweepOf({ retention: KEEP_NONE }))).pruned).toContain(id)
      const [again] = await jobs.create([newJob(type, { id, idempotency })])
      expect(again).toMatchObject({ created: true, job: { head: 1, status: 'queued' } })
      const page = await jobs.read(id, { after: 0, maxEvents: 10, maxBytes: 10_000 })
      expect(page?.events.map((event) => event.type)).toEqual(['created'])
    })

    test('more than the limit is removed by further sweeps', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      await jobs.sweep(sweepOf({ retention: KEEP_NONE }))
      const ids = await finishedJobs(jobs, uniqueType(), 5, advance)
      const pruned: string[] = []
      for (let more = true; more;) {
        const swept = await jobs.sweep(sweepOf({ retention: KEEP_NONE, limit: 2 }))
        expect(swept.pruned.length).toBeLessThanOrEqual(2)
        pruned.push(...swept.pruned)
        more = swept.more
      }
      expect(pruned.toSorted()).toEqual(ids.toSorted())
    })
  })
}
