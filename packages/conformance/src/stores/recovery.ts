import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import {
  LEASE_MS,
  append,
  appendOf,
  claimOne,
  createJob,
  existing,
  finishedJob,
  logOf,
  runningJob,
  sweepOf,
  typesOf,
  uniqueType,
} from './kit.js'

export function describeRecovery(open: OpenStore): void {
  describe('sweeping', () => {
    const store = useStore(open)

    test('a job that may not start again fails when it is resumed after its worker was lost', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs, { maxRecoveries: 0 })
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused' } }))
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      expect((await existing(jobs, claim.job.id)).status).toBe('paused')
      expect((await jobs.request(claim.job.id, 'resume'))?.outcome).toBe('done')
      expect(await existing(jobs, claim.job.id)).toMatchObject({ status: 'failed', error: { code: 'worker_lost' } })
    })

    test('a job that ends because its worker was lost says why, where that is known', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const { job } = await runningJob(jobs, { maxRecoveries: 0 })
      await advance(LEASE_MS + 1)
      const error = { code: 'store_full', message: 'There is no room.' }
      expect((await jobs.sweep(sweepOf({ losses: new Map([[job.id, error]]) }))).ended).toEqual([job.id])
      expect(await existing(jobs, job.id)).toMatchObject({ status: 'failed', error })
    })

    test('a job whose worker is lost goes back to the queue', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      expect((await jobs.sweep(sweepOf())).recovered).not.toContain(claim.job.id)
      await advance(LEASE_MS + 1)
      const swept = await jobs.sweep(sweepOf())
      expect(swept.recovered).toContain(claim.job.id)
      expect(swept.ended).not.toContain(claim.job.id)
      expect(await existing(jobs, claim.job.id)).toMatchObject({ status: 'queued', recoveries: 1, attempt: 1 })
      expect((await logOf(jobs, claim.job.id)).at(-1)).toMatchObject({
        type: 'recovered',
        data: { reason: 'worker_lost', recoveries: 1, runAt: (await existing(jobs, claim.job.id)).runAt },
      })
      const again = await claimOne(jobs, claim.job.type, 'worker-2')
      expect(again.job).toMatchObject({ attempt: 1, recoveries: 1, head: 4, startedAt: claim.job.startedAt })
    })

    test('a sweep that was made is not made again', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      await Promise.all([jobs.sweep(sweepOf()), jobs.sweep(sweepOf())])
      expect(await jobs.sweep(sweepOf())).toEqual({ recovered: [], ended: [], pruned: [], more: false })
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'recovered'])
    })

    test('a job that loses too many workers fails with worker_lost', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const { id, type } = await createJob(jobs, uniqueType(), { maxRecoveries: 2 })
      for (let lost = 0; lost < 3; lost++) {
        expect((await claimOne(jobs, type)).job.recoveries).toBe(lost)
        await advance(LEASE_MS + 1)
        const swept = await jobs.sweep(sweepOf())
        expect(lost < 2 ? swept.recovered : swept.ended).toContain(id)
      }
      const job = await existing(jobs, id)
      expect(job).toMatchObject({ status: 'failed', error: { code: 'worker_lost' } })
      expect(job.finishedAt).toBeDefined()
      expect((await logOf(jobs, id)).at(-1)).toMatchObject({ type: 'failed', data: { error: { code: 'worker_lost' } } })
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
    })

    test('three lost workers are survived where nothing else is said', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const { id, type } = await createJob(jobs, uniqueType())
      for (let lost = 0; lost < 4; lost++) {
        await claimOne(jobs, type)
        await advance(LEASE_MS + 1)
        await jobs.sweep(sweepOf())
      }
      expect((await existing(jobs, id)).status).toBe('failed')
    })

    test('a checkpoint starts the count of lost workers anew', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const { id, type } = await createJob(jobs, uniqueType(), { maxRecoveries: 1 })
      for (let run = 0; run < 4; run++) {
        const claim = await claimOne(jobs, type)
        await append(jobs, appendOf(claim, ['work'], { checkpoint: run }))
        expect((await existing(jobs, id)).recoveries).toBe(0)
        await advance(LEASE_MS + 1)
        await jobs.sweep(sweepOf())
      }
      expect((await existing(jobs, id)).status).toBe('queued')
    })

    test('a cancelled job whose worker is lost is cancelled', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs, { maxRecoveries: 0 })
      await jobs.request(claim.job.id, 'cancel', 'enough')
      await advance(LEASE_MS + 1)
      expect((await jobs.sweep(sweepOf())).ended).toContain(claim.job.id)
      const job = await existing(jobs, claim.job.id)
      expect(job.status).toBe('cancelled')
      expect(job).not.toHaveProperty('request')
      expect((await logOf(jobs, claim.job.id)).at(-1)).toMatchObject({ type: 'cancelled', data: { reason: 'enough' } })
    })

    test('a paused job whose worker is lost stays paused until it is resumed', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs, { maxRecoveries: 1 })
      const { id, type } = claim.job
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused' } }))
      await advance(LEASE_MS + 1)
      expect((await jobs.sweep(sweepOf())).recovered).toContain(id)
      expect((await existing(jobs, id)).status).toBe('paused')
      expect(await typesOf(jobs, id)).toEqual(['created', 'claimed', 'paused', 'recovered'])
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
      expect(await append(jobs, appendOf(claim, ['resumed'], { base: claim.job.head + 2 }))).toMatchObject({ ok: false })
      expect((await jobs.request(id, 'resume'))?.outcome).toBe('done')
      expect((await claimOne(jobs, type)).job.id).toBe(id)
    })

    test('what was asked of a lost worker happens: a pause, and a resume', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      const { id, type } = claim.job
      await jobs.request(id, 'pause', 'lunch')
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      expect(await existing(jobs, id)).toMatchObject({ status: 'paused', recoveries: 1 })
      await jobs.request(id, 'resume')
      const again = await claimOne(jobs, type)
      await append(jobs, appendOf(again, ['paused'], { state: { status: 'paused' } }))
      await jobs.request(id, 'resume')
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      expect((await claimOne(jobs, type)).job).toMatchObject({ id, recoveries: 2 })
      const types = ['created', 'claimed', 'recovered', 'paused', 'resumed', 'claimed', 'paused', 'recovered', 'resumed', 'claimed']
      expect(await typesOf(jobs, id)).toEqual(types)
    })

    test('a job that waited longer than it may fails with queue_timeout', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const { createdAt } = await createJob(jobs, uniqueType())
      const runAt = new Date(Date.parse(createdAt) + 10_000)
      const { id, type } = await createJob(jobs, uniqueType(), { runAt, queueTimeoutMs: 5000 })
      const claimed = await createJob(jobs, uniqueType(), { queueTimeoutMs: 5000 })
      await claimOne(jobs, claimed.type)
      await advance(14_000)
      expect((await jobs.sweep(sweepOf())).ended).not.toContain(id)
      await advance(1001)
      const { ended } = await jobs.sweep(sweepOf())
      expect(ended).toContain(id)
      expect(ended).not.toContain(claimed.id)
      expect(await existing(jobs, id)).toMatchObject({ status: 'failed', error: { code: 'queue_timeout' }, attempt: 0 })
      expect((await logOf(jobs, id)).at(-1)).toMatchObject({ type: 'failed', data: { error: { code: 'queue_timeout' } } })
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
    })

    test('the time to wait counts anew for a job that was given back', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs, { queueTimeoutMs: 5000 })
      await append(jobs, appendOf(claim, ['released'], { release: { delayMs: 60_000, reason: 'retry', attempt: 2 } }))
      await advance(64_000)
      expect((await jobs.sweep(sweepOf())).ended).not.toContain(claim.job.id)
      await advance(2000)
      expect((await jobs.sweep(sweepOf())).ended).toContain(claim.job.id)
    })

    test('more than the limit is handled by further sweeps', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const ids = new Set<string>()
      for (let i = 0; i < 5; i++) ids.add((await runningJob(jobs)).job.id)
      await advance(LEASE_MS + 1)
      let sweeps = 0
      for (let more = true; more; sweeps++) {
        const swept = await jobs.sweep(sweepOf({ limit: 2 }))
        expect(swept.recovered.length).toBeLessThanOrEqual(2)
        for (const id of swept.recovered) ids.delete(id)
        more = swept.more
      }
      expect(ids.size).toBe(0)
      expect(sweeps).toBeGreaterThanOrEqual(3)
    })

    test('counts tell how many jobs of each type have which status', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      for (let i = 0; i < 3; i++) await finishedJob(jobs, type)
      await jobs.request((await createJob(jobs, type)).id, 'cancel')
      await createJob(jobs, type, { maxRecoveries: 0 })
      await claimOne(jobs, type)
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      await createJob(jobs, type)
      await claimOne(jobs, type)
      for (let i = 0; i < 2; i++) await createJob(jobs, type)
      const counts = (await jobs.counts()).filter((entry) => entry.type === type)
      expect(Object.fromEntries(counts.map(({ status, count }) => [status, count]))).toEqual({
        queued: 2,
        running: 1,
        completed: 3,
        cancelled: 1,
        failed: 1,
      })
    })
  })
}
