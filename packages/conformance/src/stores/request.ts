import type { Claim, JobStore, RequestResult } from '@headway/core'
import type { JobId, JobRequest } from '@headway/protocol'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import {
  LEASE_MS,
  append,
  appendOf,
  claimOne,
  complete,
  createJob,
  existing,
  logOf,
  runningJob,
  sweepOf,
  typesOf,
  uniqueType,
} from './kit.js'

export function describeRequest(open: OpenStore): void {
  describe('cancel, pause and resume', () => {
    const store = useStore(open)

    async function request(jobs: JobStore, id: JobId, what: JobRequest, why?: string): Promise<RequestResult> {
      const result = await jobs.request(id, what, why)
      if (result === undefined) throw new Error('There is no such job.')
      expect(result.job).toEqual(await existing(jobs, id))
      return result
    }
    async function pausedByOwner(jobs: JobStore): Promise<Claim> {
      const claim = await runningJob(jobs)
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused' } }))
      return claim
    }

    test('why may be any text', async () => {
      const { jobs } = store().stores
      for (const claim of [await runningJob(jobs), undefined]) {
        const id = claim?.job.id ?? (await createJob(jobs, uniqueType())).id
        expect((await request(jobs, id, 'cancel', 'a\0b \ud800 \u{1f600}')).outcome).toBe(claim === undefined ? 'done' : 'requested')
        if (claim !== undefined) expect((await jobs.renew([claim.lease], LEASE_MS))[0]?.why).toContain('\u{1f600}')
      }
    })

    test('a queued job is cancelled at once, and never claimed', async () => {
      const { jobs } = store().stores
      const { id, type } = await createJob(jobs, uniqueType())
      const result = await request(jobs, id, 'cancel', 'not needed')
      expect(result).toMatchObject({ outcome: 'done', job: { status: 'cancelled', head: 2 } })
      expect(result.job.finishedAt).toBeDefined()
      expect((await logOf(jobs, id)).at(-1)).toMatchObject({ seq: 2, type: 'cancelled', data: { reason: 'not needed' } })
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
    })

    test('the owner of a running job is asked to cancel it', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const { id, head } = claim.job
      expect(await request(jobs, id, 'cancel', 'stop it')).toMatchObject({
        outcome: 'requested',
        job: { status: 'running', request: 'cancel', head },
      })
      expect((await request(jobs, id, 'cancel', 'again')).outcome).toBe('already')
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ held: true, request: 'cancel', why: 'stop it' }])
      const state = { status: 'cancelled', fulfils: 'cancel' } as const
      expect(await append(jobs, appendOf(claim, ['cancelled'], { state }))).toEqual({ ok: true })
      expect((await request(jobs, id, 'cancel')).outcome).toBe('already')
      expect(await existing(jobs, id)).not.toHaveProperty('request')
    })

    test('a job that ended otherwise can not be cancelled, paused or resumed', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await request(jobs, claim.job.id, 'cancel')
      await complete(jobs, claim)
      for (const what of ['cancel', 'pause', 'resume'] as const) expect((await request(jobs, claim.job.id, what)).outcome).toBe('refused')
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'completed'])
    })

    test('nothing takes the place of a standing cancel', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await request(jobs, claim.job.id, 'cancel')
      expect((await request(jobs, claim.job.id, 'pause')).outcome).toBe('refused')
      expect((await request(jobs, claim.job.id, 'resume')).outcome).toBe('refused')
      expect((await existing(jobs, claim.job.id)).request).toBe('cancel')
    })

    test('a cancel takes the place of a standing pause', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await request(jobs, claim.job.id, 'pause')
      expect((await request(jobs, claim.job.id, 'cancel')).outcome).toBe('requested')
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ request: 'cancel' }])
    })

    test('a cancel that stands when the job is given back ends it', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const { id, type } = claim.job
      await request(jobs, id, 'cancel', 'enough')
      const release = appendOf(claim, ['work', 'released'], { release: { delayMs: 0, reason: 'retry', attempt: 2 } })
      for (let i = 0; i < 2; i++) expect(await append(jobs, release)).toEqual({ ok: true })
      expect(await typesOf(jobs, id)).toEqual(['created', 'claimed', 'work', 'released', 'cancelled'])
      expect((await logOf(jobs, id)).at(-1)?.data).toEqual({ reason: 'enough' })
      expect(await existing(jobs, id)).toMatchObject({ status: 'cancelled', head: 5 })
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
    })

    test('a queued job is paused at once, and waits until it is resumed', async () => {
      const { jobs } = store().stores
      const { id, type } = await createJob(jobs, uniqueType())
      expect(await request(jobs, id, 'pause', 'wait')).toMatchObject({ outcome: 'done', job: { status: 'paused' } })
      expect((await request(jobs, id, 'pause')).outcome).toBe('already')
      expect(await jobs.claim('w', [{ type, limit: 1 }], LEASE_MS)).toEqual([])
      expect(await request(jobs, id, 'resume')).toMatchObject({ outcome: 'done', job: { status: 'queued' } })
      expect((await claimOne(jobs, type)).job).toMatchObject({ id, status: 'running', attempt: 1 })
      expect(await typesOf(jobs, id)).toEqual(['created', 'paused', 'resumed', 'claimed'])
    })

    test('a paused job that nobody owns is cancelled at once', async () => {
      const { jobs } = store().stores
      const { id } = await createJob(jobs, uniqueType())
      await request(jobs, id, 'pause')
      expect(await request(jobs, id, 'cancel')).toMatchObject({ outcome: 'done', job: { status: 'cancelled' } })
      expect(await typesOf(jobs, id)).toEqual(['created', 'paused', 'cancelled'])
    })

    test('the owner is asked to pause, and to resume', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const { id, head } = claim.job
      expect((await request(jobs, id, 'pause', 'lunch')).outcome).toBe('requested')
      expect((await request(jobs, id, 'pause')).outcome).toBe('already')
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ request: 'pause', why: 'lunch' }])
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused', fulfils: 'pause' } }))
      expect((await request(jobs, id, 'pause')).outcome).toBe('already')
      expect((await request(jobs, id, 'resume')).outcome).toBe('requested')
      expect((await request(jobs, id, 'resume')).outcome).toBe('already')
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ held: true, request: 'resume' }])
      const state = { status: 'running', fulfils: 'resume' } as const
      expect(await append(jobs, appendOf(claim, ['resumed'], { base: head + 1, state }))).toEqual({ ok: true })
      expect(await existing(jobs, id)).toMatchObject({ status: 'running' })
      expect(await existing(jobs, id)).not.toHaveProperty('request')
    })

    test('a pause that has not happened yet is taken back by a resume', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await request(jobs, claim.job.id, 'pause')
      expect((await request(jobs, claim.job.id, 'resume')).outcome).toBe('done')
      expect(await jobs.renew([claim.lease], LEASE_MS)).toEqual([{ jobId: claim.job.id, epoch: claim.lease.epoch, held: true }])
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed'])
    })

    test('only what is paused can be resumed', async () => {
      const { jobs } = store().stores
      const queued = await createJob(jobs, uniqueType())
      expect((await request(jobs, queued.id, 'resume')).outcome).toBe('refused')
      const { job } = await runningJob(jobs)
      expect((await request(jobs, job.id, 'resume')).outcome).toBe('refused')
    })

    test('the owner of a paused job is asked to cancel it', async () => {
      const { jobs } = store().stores
      const claim = await pausedByOwner(jobs)
      expect((await request(jobs, claim.job.id, 'cancel')).outcome).toBe('requested')
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ held: true, request: 'cancel' }])
    })

    test('a request that is withdrawn while the owner does it turns into its opposite', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await request(jobs, claim.job.id, 'pause')
      expect((await request(jobs, claim.job.id, 'resume')).outcome).toBe('done')
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused', fulfils: 'pause' } }))
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ held: true, request: 'resume' }])
      expect((await request(jobs, claim.job.id, 'pause')).outcome).toBe('done')
      const base = claim.job.head + 1
      await append(jobs, appendOf(claim, ['resumed'], { base, state: { status: 'running', fulfils: 'resume' } }))
      expect(await jobs.renew([claim.lease], LEASE_MS)).toMatchObject([{ held: true, request: 'pause' }])
    })

    test('a pause outlives the return of the job: it rests, unowned, until it is resumed', async () => {
      const { jobs } = store().stores
      const release = { delayMs: 0, reason: 'retry', attempt: 2 }
      const asked = await runningJob(jobs)
      await request(jobs, asked.job.id, 'pause')
      await append(jobs, appendOf(asked, ['released'], { release }))
      const paused = await pausedByOwner(jobs)
      await append(jobs, appendOf(paused, ['released'], { base: paused.job.head + 1, release }))
      for (const { job } of [asked, paused]) {
        expect(await existing(jobs, job.id)).toMatchObject({ status: 'paused', attempt: 2 })
        expect((await typesOf(jobs, job.id)).slice(-2)).toEqual(['released', 'paused'])
        expect((await request(jobs, job.id, 'resume')).outcome).toBe('done')
        const again = await claimOne(jobs, job.type)
        expect(again.job).toMatchObject({ id: job.id, status: 'running', attempt: 2 })
        expect(again.job).not.toHaveProperty('request')
      }
    })

    test('a request to a job whose worker is lost is not lost', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      expect((await request(jobs, claim.job.id, 'cancel')).outcome).not.toBe('refused')
      await jobs.sweep(sweepOf())
      expect((await existing(jobs, claim.job.id)).status).toBe('cancelled')
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'cancelled'])
    })
  })
}
