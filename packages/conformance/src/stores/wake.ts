import type { JobStore } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { describe, expect, test, vi } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { LEASE_MS, append, appendOf, claimOne, createJob, finishedJob, newJob, runningJob, sweepOf, uniqueType } from './kit.js'

/** How long a hint may take in these tests before it counts as lost. In milliseconds. */
const PATIENCE_MS = 10_000

export function describeWake(open: OpenStore): void {
  describe('waking', () => {
    const store = useStore(open)

    /** Does something and waits until the listener is told of the job. */
    async function wakes(jobs: JobStore, id: JobId, act: () => Promise<unknown>): Promise<void> {
      const told = new Set<JobId>()
      const unsubscribe = jobs.wake((ids) => {
        for (const each of ids) told.add(each)
      })
      try {
        await act()
        await vi.waitFor(() => expect([...told]).toContain(id), { timeout: PATIENCE_MS, interval: 5 })
      } finally {
        unsubscribe()
      }
    }

    test('what happens to a job is told', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const job = newJob(uniqueType())
      await wakes(jobs, job.id, async () => jobs.create([job]))
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'pause'))
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'resume'))
      await wakes(jobs, job.id, async () => claimOne(jobs, job.type))
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'pause'))
      advance(LEASE_MS + 1)
      await wakes(jobs, job.id, async () => jobs.sweep(sweepOf()))
      const claim = await runningJob(jobs)
      await wakes(jobs, claim.job.id, async () => append(jobs, appendOf(claim, ['work'])))
      const finished = await finishedJob(jobs, uniqueType())
      await wakes(jobs, finished.id, async () => jobs.sweep(sweepOf({ retention: { default: { maxFinished: 0 } } })))
    })

    test('what a listener is told of can be read', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const heads: (number | undefined)[] = []
      const unsubscribe = jobs.wake((ids) => {
        if (ids.includes(claim.job.id)) void jobs.get(claim.job.id).then((job) => heads.push(job?.head))
      })
      await append(jobs, appendOf(claim, ['a', 'b', 'c']))
      await vi.waitFor(() => expect(heads).toContain(claim.job.head + 3), { timeout: PATIENCE_MS, interval: 5 })
      unsubscribe()
    })

    test('a listener that throws disturbs nobody', async () => {
      const { jobs } = store().stores
      const unsubscribe = jobs.wake(() => {
        throw new Error('a mistake of the listener')
      })
      const job = newJob(uniqueType())
      await wakes(jobs, job.id, async () => jobs.create([job]))
      await wakes(jobs, job.id, async () => claimOne(jobs, job.type))
      unsubscribe()
    })

    test('who has unsubscribed hears nothing more', async () => {
      const { jobs } = store().stores
      let calls = 0
      const listener = (): void => {
        calls += 1
      }
      const [first, second] = [jobs.wake(listener), jobs.wake(listener)]
      first()
      first()
      const job = newJob(uniqueType())
      await wakes(jobs, job.id, async () => jobs.create([job]))
      await vi.waitFor(() => expect(calls).toBeGreaterThan(0), { timeout: PATIENCE_MS, interval: 5 })
      second()
      const before = calls
      await wakes(jobs, job.id, async () => claimOne(jobs, job.type))
      await createJob(jobs, uniqueType())
      expect(calls).toBe(before)
    })
  })
}
