import type { JobStore, News } from '@headway/core'
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

    /** Does something and waits until the listener is told of the job, by the kind of news where one is given. */
    async function wakes(jobs: JobStore, id: JobId, act: () => Promise<unknown>, kind?: News): Promise<void> {
      const told = new Set<string>()
      const unsubscribe = jobs.wake((ids, news) => {
        for (const each of ids) told.add(each).add(`${news} ${each}`)
      })
      try {
        await act()
        const expected = kind === undefined ? id : `${kind} ${id}`
        await vi.waitFor(() => expect([...told]).toContain(expected), { timeout: PATIENCE_MS, interval: 5 })
      } finally {
        unsubscribe()
      }
    }

    test('what happens to a job is told', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const job = newJob(uniqueType())
      await wakes(jobs, job.id, async () => jobs.create([job]), 'queue')
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'pause'))
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'resume'), 'queue')
      await wakes(jobs, job.id, async () => claimOne(jobs, job.type), 'log')
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'pause'), 'request')
      await wakes(jobs, job.id, async () => jobs.request(job.id, 'resume'), 'request')
      await advance(LEASE_MS + 1)
      await wakes(jobs, job.id, async () => jobs.sweep(sweepOf()), 'queue')
      const claim = await runningJob(jobs)
      await wakes(jobs, claim.job.id, async () => append(jobs, appendOf(claim, ['work'])), 'log')
      const release = { delayMs: 0, reason: 'retry', attempt: 1 }
      await wakes(
        jobs,
        claim.job.id,
        async () => append(jobs, appendOf(claim, ['released'], { base: claim.job.head + 1, release })),
        'queue',
      )
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
