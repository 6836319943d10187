import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { LEASE_MS, append, appendOf, claimOne, complete, createJob, logOf, newJob, runningJob, sweepOf, uniqueType } from './kit.js'

export function describeLease(open: OpenStore): void {
  describe('leases', () => {
    const store = useStore(open)

    test('a renewed lease lasts on, one that is not ends', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const [kept, lost] = [await runningJob(jobs), await runningJob(jobs)]
      await advance(LEASE_MS - 1000)
      expect(await jobs.renew([kept.lease], LEASE_MS)).toEqual([{ jobId: kept.job.id, epoch: kept.lease.epoch, held: true }])
      await advance(2000)
      expect(await append(jobs, appendOf(kept, ['work']))).toEqual({ ok: true })
      expect(await append(jobs, appendOf(lost, ['work']))).toEqual({ ok: false, code: 'stale' })
    })

    test('a lease that is over can not come back, even when nobody else took the job', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ jobId: claim.job.id, held: false }])
      expect(await append(jobs, appendOf(claim, ['work']))).toEqual({ ok: false, code: 'stale' })
    })

    test('who lost a job can write nothing more into it', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const old = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      const now = await claimOne(jobs, old.job.type, 'worker-2')
      expect(now.lease.epoch).toBeGreaterThan(old.lease.epoch)
      const before = await logOf(jobs, old.job.id)
      for (const base of [old.job.head, now.job.head]) {
        expect(await append(jobs, appendOf(old, ['intruder'], { base }))).toEqual({ ok: false, code: 'stale' })
        expect(await append(jobs, appendOf(old, ['completed'], { base, state: { status: 'completed' } }))).toMatchObject({ ok: false })
        expect(await append(jobs, appendOf(old, [], { base, checkpoint: 'intruder' }))).toMatchObject({ ok: false })
      }
      expect(await jobs.renew([old.lease], LEASE_MS)).toMatchObject([{ held: false }])
      expect(await logOf(jobs, old.job.id)).toEqual(before)
      await complete(jobs, now)
    })

    test('neither a foreign worker nor a foreign epoch can append', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      for (const lease of [
        { ...claim.lease, worker: 'somebody' },
        { ...claim.lease, epoch: claim.lease.epoch + 1 },
        { ...claim.lease, epoch: claim.lease.epoch - 1 },
        { ...claim.lease, jobId: newJob('none').id },
      ]) {
        expect(await append(jobs, appendOf(claim, ['intruder'], { lease }))).toEqual({ ok: false, code: 'stale' })
        expect(await jobs.renew([lease], LEASE_MS)).toMatchObject([{ held: false }])
      }
      const queued = await createJob(jobs, uniqueType())
      const lease = { jobId: queued.id, epoch: 0, worker: '' }
      expect(await append(jobs, appendOf(claim, ['intruder'], { lease, base: 1 }))).toEqual({ ok: false, code: 'stale' })
    })

    test('one call renews many leases and tells of each, in order', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const lost = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      const [a, b] = [await runningJob(jobs), await runningJob(jobs)]
      await jobs.request(b.job.id, 'cancel', 'enough')
      const { jobId, epoch } = b.lease
      expect(await jobs.renew([a.lease, lost.lease, b.lease], LEASE_MS)).toEqual([
        { jobId: a.job.id, epoch: a.lease.epoch, held: true },
        { jobId: lost.job.id, epoch: lost.lease.epoch, held: false },
        { jobId, epoch, held: true, request: 'cancel', why: 'enough' },
      ])
      expect(await jobs.renew([], LEASE_MS)).toEqual([])
    })

    test('it can be asked whose leases are held', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const lost = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      const [held, paused, over] = [await runningJob(jobs), await runningJob(jobs), await runningJob(jobs)]
      await append(jobs, appendOf(paused, ['paused'], { state: { status: 'paused' } }))
      await complete(jobs, over)
      const queued = await createJob(jobs, uniqueType())
      const runs = [
        lost.lease,
        held.lease,
        paused.lease,
        over.lease,
        { jobId: held.job.id, epoch: held.lease.epoch - 1 },
        { jobId: held.job.id, epoch: held.lease.epoch + 1 },
        { jobId: queued.id, epoch: 0 },
        { jobId: newJob('none').id, epoch: 1 },
        { jobId: 'no-job-at-all', epoch: 1 },
      ].map(({ jobId, epoch }) => ({ jobId, epoch }))
      expect(await jobs.held(runs)).toEqual([false, true, true, false, false, false, false, false, false])
      expect(await jobs.held([])).toEqual([])
    })

    test('the lease of a finished job is over', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await complete(jobs, claim)
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ held: false }])
      expect(await append(jobs, appendOf(claim, ['more'], { base: claim.job.head + 1 }))).toEqual({ ok: false, code: 'stale' })
    })
  })
}
