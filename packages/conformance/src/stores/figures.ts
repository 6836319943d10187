import type { JobStore, MinuteFigures } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { append, appendOf, claimOne, complete, createJob, finishedJob, LEASE_MS, runningJob, sweepOf, uniqueType } from './kit.js'

const MINUTE_MS = 60_000

export function describeFigures(open: OpenStore): void {
  describe('figures', () => {
    const store = useStore(open)

    function sumOf(minutes: readonly MinuteFigures[]): Omit<MinuteFigures, 'at'> {
      const sum = { created: 0, completed: 0, failed: 0, cancelled: 0 }
      for (const minute of minutes) for (const what of ['created', 'completed', 'failed', 'cancelled'] as const) sum[what] += minute[what]
      return sum
    }
    /** To just after the next minute begins, in the store's time. */
    async function nextMinute(jobs: JobStore): Promise<void> {
      const { now } = await jobs.figures()
      await store().advance(MINUTE_MS - (now % MINUTE_MS) + 1)
    }

    test('what began and ended in each of the last 60 minutes, however it ended, and pruned or not', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      expect(await jobs.figures()).toEqual({ now: expect.any(Number) as number, minutes: [], workers: [] })
      await nextMinute(jobs)
      const type = uniqueType()
      await finishedJob(jobs, type)
      const failing = await runningJob(jobs)
      await append(jobs, appendOf(failing, ['failed'], { state: { status: 'failed', error: { code: 'x', message: 'y' } } }))
      const unowned = await createJob(jobs, type)
      await jobs.request(unowned.id, 'cancel')
      await createJob(jobs, type, { idempotency: { scope: 's', key: 'k', fingerprint: 'f' } })
      await jobs.create([{ id: unowned.id, type, input: null }])
      const first = await jobs.figures()
      expect(first.minutes).toEqual([{ at: first.now - (first.now % MINUTE_MS), created: 4, completed: 1, failed: 1, cancelled: 1 }])
      await nextMinute(jobs)
      await nextMinute(jobs)
      // A worker that is lost, and a job that waits for too long.
      const lost = await runningJob(jobs, { maxRecoveries: 0 })
      await createJob(jobs, type, { queueTimeoutMs: 1 })
      await advance(LEASE_MS + 1)
      const { ended } = await jobs.sweep(sweepOf({ retention: { default: { maxFinished: 0 } } }))
      expect(ended).toContain(lost.job.id)
      const later = await jobs.figures()
      expect(sumOf(later.minutes)).toEqual({ created: 6, completed: 1, failed: 3, cancelled: 1 })
      expect(later.minutes.map(({ at }) => at % MINUTE_MS)).toEqual(later.minutes.map(() => 0))
      expect(later.minutes.map(({ at }) => at)).toEqual(later.minutes.map(({ at }) => at).toSorted((a, b) => a - b))
      expect(later.minutes[0]).toEqual(first.minutes[0])
      // The first of them is the 61st minute now.
      await advance((first.minutes[0]?.at ?? 0) + 60 * MINUTE_MS - later.now)
      expect(sumOf((await jobs.figures()).minutes)).toEqual({ created: 2, completed: 0, failed: 2, cancelled: 0 })
      const reopened = await store().reopen()
      expect(sumOf((await reopened.jobs.figures()).minutes)).toEqual({ created: 2, completed: 0, failed: 2, cancelled: 0 })
    })

    test('since when the job could run that waits for longest', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      for (const { id } of (await jobs.list({ statuses: ['queued', 'running', 'paused'], limit: 100 })).items)
        await jobs.request(id, 'cancel')
      const { now } = await jobs.figures()
      expect((await jobs.figures()).waitingSince).toBeUndefined()
      // One that waits for its time does not count; nor does a time before its creation.
      const type = uniqueType()
      await createJob(jobs, uniqueType(), { runAt: new Date(now + 3_600_000) })
      expect((await jobs.figures()).waitingSince).toBeUndefined()
      const first = await createJob(jobs, type, { runAt: new Date(now - 3_600_000), concurrencyKey: type, keyLimit: 1 })
      await advance(1_000)
      const second = await createJob(jobs, type, { priority: 5, concurrencyKey: type, keyLimit: 1 })
      expect((await jobs.figures()).waitingSince).toBe(Date.parse(first.createdAt))
      // The second runs, as it goes before; the first waits for its place, too.
      const claim = await claimOne(jobs, type)
      expect(claim.job.id).toBe(second.id)
      expect((await jobs.figures()).waitingSince).toBe(Date.parse(first.createdAt))
      await complete(jobs, claim)
      const last = await claimOne(jobs, type)
      expect((await jobs.figures()).waitingSince).toBeUndefined()
      await complete(jobs, last)
    })

    test('who holds leases, and how many', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      await advance(LEASE_MS + 1)
      expect((await jobs.figures()).workers).toEqual([])
      const [a] = [await runningJob(jobs, {}, 'worker-a'), await runningJob(jobs, {}, 'worker-b'), await runningJob(jobs, {}, 'worker-a')]
      expect((await jobs.figures()).workers).toEqual([
        { id: 'worker-a', jobs: 2 },
        { id: 'worker-b', jobs: 1 },
      ])
      await complete(jobs, a)
      expect((await jobs.figures()).workers).toContainEqual({ id: 'worker-a', jobs: 1 })
      await advance(LEASE_MS + 1)
      expect((await jobs.figures()).workers).toEqual([])
    })
  })
}
