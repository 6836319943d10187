import type { Claim } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { LEASE_MS, append, appendOf, claimOne, createJob, complete, existing, logOf, runningJob, sweepOf, uniqueType } from './kit.js'

export function describeClaim(open: OpenStore): void {
  describe('claiming jobs', () => {
    const store = useStore(open)

    test('a claim gives the job as it is after its claimed event, and a lease', async () => {
      const { jobs } = store().stores
      const { id, type } = await createJob(jobs, uniqueType(), { definition: { d: 1 } })
      const claim = await claimOne(jobs, type, 'worker-7')
      expect(claim.lease).toMatchObject({ jobId: id, worker: 'worker-7' })
      expect(claim.saved).toBeUndefined()
      expect(claim.job).toEqual(await existing(jobs, id))
      expect(claim.job).toMatchObject({ status: 'running', attempt: 1, recoveries: 0, head: 2, definition: { d: 1 } })
      expect(claim.job.startedAt).toBeDefined()
      const [, claimed] = await logOf(jobs, id)
      expect(claimed).toMatchObject({
        seq: 2,
        type: 'claimed',
        data: { worker: 'worker-7', epoch: claim.lease.epoch, attempt: 1, recoveries: 0 },
      })
      expect(await jobs.claim('worker-8', [{ type, limit: 5 }], LEASE_MS)).toEqual([])
    })

    test('higher priorities go first, and among one priority the older job', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const [low, high, alsoHigh, normal] = [
        await createJob(jobs, type, { priority: -1 }),
        await createJob(jobs, type, { priority: 5 }),
        await createJob(jobs, type, { priority: 5 }),
        await createJob(jobs, type),
      ]
      const claims = await jobs.claim('w', [{ type, limit: 10 }], LEASE_MS)
      expect(claims.map(({ job }) => job.id)).toEqual([high.id, alsoHigh.id, normal.id, low.id])
    })

    test('no more than the room of each type is taken, and only types with room', async () => {
      const { jobs } = store().stores
      const [a, b, c] = [uniqueType(), uniqueType(), uniqueType()]
      for (const type of [a, b, c]) for (let i = 0; i < 3; i++) await createJob(jobs, type)
      const room = [
        { type: a, limit: 2 },
        { type: b, limit: 1 },
        { type: uniqueType(), limit: 5 },
      ]
      const claims = await jobs.claim('w', room, LEASE_MS)
      expect(claims.map(({ job }) => job.type).toSorted()).toEqual([a, a, b].toSorted())
      expect(await jobs.claim('w', [{ type: c, limit: 0 }], LEASE_MS)).toEqual([])
    })

    test('a job is not claimed before its time', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const start = Date.parse((await createJob(jobs, uniqueType())).createdAt)
      const later = await createJob(jobs, type, { runAt: new Date(start + 1_000_000), priority: 9 })
      const now = await createJob(jobs, type)
      expect((await jobs.claim('w', [{ type, limit: 5 }], LEASE_MS)).map(({ job }) => job.id)).toEqual([now.id])
      const dueIn = await jobs.dueIn([type])
      expect(dueIn).toBeGreaterThan(0)
      expect(dueIn).toBeLessThanOrEqual(1_000_000)
      await advance(1_000_001)
      expect(await jobs.dueIn([type])).toBeUndefined()
      expect((await jobs.claim('w', [{ type, limit: 5 }], LEASE_MS)).map(({ job }) => job.id)).toEqual([later.id])
    })

    test('the time until the next is due is the earliest of the types that were asked for', async () => {
      const { jobs } = store().stores
      const [a, b] = [uniqueType(), uniqueType()]
      const start = Date.parse((await createJob(jobs, a)).createdAt)
      for (const [type, delay] of [
        [a, 3_000_000],
        [a, 2_000_000],
        [b, 1_000_000],
      ] as const) {
        await createJob(jobs, type, { runAt: new Date(start + delay) })
      }
      const ofA = (await jobs.dueIn([a])) ?? 0
      expect(ofA).toBeGreaterThan(1_000_000)
      expect(ofA).toBeLessThanOrEqual(2_000_000)
      const ofBoth = (await jobs.dueIn([a, b])) ?? 0
      expect(ofBoth).toBeGreaterThan(0)
      expect(ofBoth).toBeLessThanOrEqual(1_000_000)
      expect(await jobs.dueIn([uniqueType()])).toBeUndefined()
      expect(await jobs.dueIn([])).toBeUndefined()
    })

    test('no more are taken than the total, the most urgent of all types first', async () => {
      const { jobs } = store().stores
      const [first, second] = [uniqueType(), uniqueType()]
      for (const type of [first, second]) for (const priority of [1, 2, 3]) await createJob(jobs, type, { priority })
      const room = [first, second].map((type) => ({ type, limit: 10 }))
      const claims = await jobs.claim('worker', room, LEASE_MS, 3)
      expect(claims.map(({ job }) => job.priority)).toEqual([3, 3, 2])
    })

    test('no more of a type are owned than there may be over all workers', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const [type, other] = [uniqueType(), uniqueType()]
      for (let i = 0; i < 9; i++) await createJob(jobs, type, { maxRecoveries: 0 })
      await createJob(jobs, other)
      const claim = async (worker: string, limit = 5, most = 3): Promise<readonly Claim[]> =>
        jobs.claim(worker, [{ type, limit, most }], LEASE_MS)
      const first = await claim('one', 2)
      expect(first).toHaveLength(2)
      // Those of the other worker count, and what is not limited is not.
      const both = [
        { type, limit: 5, most: 3 },
        { type: other, limit: 5 },
      ]
      const second = await jobs.claim('two', both, LEASE_MS)
      expect(second.map(({ job }) => job.type).toSorted()).toEqual([type, other].toSorted())
      expect(await claim('one')).toEqual([])
      // A job that rests is still somebody's.
      const [resting, ending] = first
      if (resting === undefined || ending === undefined) throw new Error('Nothing was claimed.')
      await append(jobs, appendOf(resting, ['paused'], { state: { status: 'paused' } }))
      expect(await claim('two')).toEqual([])
      expect(await claim('two', 5, 2)).toEqual([])
      await complete(jobs, ending)
      expect(await claim('two')).toHaveLength(1)
      expect(await claim('one', 1, 5)).toHaveLength(1)
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      // The one that rests waits for nobody's place.
      expect(await claim('three')).toHaveLength(3)
    })

    test('two workers that claim at the same moment hold the limit over both', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      for (let i = 0; i < 20; i++) await createJob(jobs, type)
      const workers = Array.from({ length: 6 }, async (_, index) => jobs.claim(`worker-${index}`, [{ type, limit: 3, most: 7 }], LEASE_MS))
      const owned = (await Promise.all(workers)).flat()
      while (owned.length < 7) {
        const more = await jobs.claim('late', [{ type, limit: 7, most: 7 }], LEASE_MS)
        if (more.length === 0) break
        owned.push(...more)
      }
      expect(new Set(owned.map(({ job }) => job.id)).size).toBe(7)
      expect(owned).toHaveLength(7)
    })

    test('a released job goes back to the queue, and its next run has the attempt that was set', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      const { id, type } = claim.job
      const released = await append(
        jobs,
        appendOf(claim, ['work', 'released'], { checkpoint: { at: 7 }, release: { delayMs: 1_000_000, reason: 'retry', attempt: 2 } }),
      )
      expect(released).toEqual({ ok: true })
      const waiting = await existing(jobs, id)
      expect(waiting).toMatchObject({ status: 'queued', attempt: 2, head: 4 })
      expect(Date.parse(waiting.runAt)).toBeGreaterThanOrEqual(Date.parse(claim.job.startedAt ?? '') + 1_000_000)
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
      expect(await jobs.dueIn([type])).toBeLessThanOrEqual(1_000_000)
      await advance(1_000_001)
      const again = await claimOne(jobs, type)
      expect(again.lease.epoch).toBeGreaterThan(claim.lease.epoch)
      expect(again).toMatchObject({ saved: { at: 7 }, job: { attempt: 2, head: 5, startedAt: claim.job.startedAt } })
    })

    test('a released job gives nobody the right to append', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const release = { delayMs: 0, reason: 'drain', attempt: 1 }
      await append(jobs, appendOf(claim, ['released'], { release }))
      expect(await append(jobs, appendOf(claim, ['more'], { base: claim.job.head + 1 }))).toEqual({ ok: false, code: 'stale' })
    })
  })
}
