import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { LEASE_MS, append, appendOf, createJob, existing, logOf, newJob, runningJob, uniqueType } from './kit.js'

export function describeRaces(open: OpenStore): void {
  describe('many at once', () => {
    const store = useStore(open)

    test('each job is claimed by one worker', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const created = await jobs.create(Array.from({ length: 60 }, () => newJob(type)))
      const claims = await Promise.all(
        Array.from({ length: 20 }, async (_, worker) => jobs.claim(`worker-${worker}`, [{ type, limit: 5 }], LEASE_MS)),
      )
      const claimed = claims.flat().map(({ job }) => job.id)
      expect(new Set(claimed).size).toBe(claimed.length)
      expect(claimed.toSorted()).toEqual(created.map(({ job }) => job.id).toSorted())
    })

    test('the limit of a key holds, however many claim', async () => {
      const { jobs } = store().stores
      const types = [uniqueType(), uniqueType()]
      const concurrencyKey = uniqueType()
      for (let i = 0; i < 20; i++) await createJob(jobs, types[i % 2] ?? '', { concurrencyKey, keyLimit: 3 })
      for (let round = 0; round < 7; round++) {
        const claims = await Promise.all(
          Array.from({ length: 8 }, async (_, worker) =>
            jobs.claim(
              `worker-${worker}`,
              types.map((type) => ({ type, limit: 2 })),
              LEASE_MS,
            ),
          ),
        )
        const running = claims.flat()
        expect(running).toHaveLength(round < 6 ? 3 : 2)
        await Promise.all(running.map(async (claim) => append(jobs, appendOf(claim, ['completed'], { state: { status: 'completed' } }))))
      }
    })

    test('of appends at one place, one is written', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const results = await Promise.all(Array.from({ length: 20 }, async () => append(jobs, appendOf(claim, ['a', 'b']))))
      expect(results.filter(({ ok }) => ok)).toHaveLength(1)
      expect((await logOf(jobs, claim.job.id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    })

    test('a job that ends while it is cancelled has one end', async () => {
      const { jobs } = store().stores
      for (let round = 0; round < 10; round++) {
        const claim = await runningJob(jobs)
        const { id } = claim.job
        const release = { delayMs: 0, reason: 'retry', attempt: 2 }
        await Promise.all([
          jobs.request(id, 'cancel'),
          append(
            jobs,
            round % 2 === 0
              ? appendOf(claim, ['completed'], { state: { status: 'completed' } })
              : appendOf(claim, ['released'], { release }),
          ),
          jobs.request(id, 'cancel'),
        ])
        await jobs.request(id, 'cancel')
        const { status } = await existing(jobs, id)
        const types = (await logOf(jobs, id)).map(({ type }) => type)
        expect(types.filter((type) => ['completed', 'cancelled', 'failed'].includes(type))).toEqual([status])
        expect(types.at(-1)).toBe(status)
      }
    })
  })
}
