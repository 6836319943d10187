import { StoreError } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { appendOf, denseUpTo, newJob, runningJob, seqsOf, useFolders } from './support.js'

describe('group commit', () => {
  const { folder, open } = useFolders()

  test('an operation that the database refuses fails alone; its neighbours, and what follows, are committed', async () => {
    const { jobs, keyValues } = await open({ folder: await folder() })
    const claim = await runningJob(jobs)
    for (let round = 0; round < 3; round++) {
      // The column takes whole numbers only; the types of a job store can't say so.
      const refused = newJob({ priority: 0.5 })
      const [bad, good, appended, sum] = await Promise.allSettled([
        jobs.create([newJob(), refused]),
        jobs.create([newJob()]),
        jobs.append([appendOf(claim, 2 + round, 1)]),
        keyValues.increment('sum', 1),
      ])
      expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'unavailable' } })
      expect([good.status, appended.status, sum.status]).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
      expect(await jobs.get(refused.id)).toBeUndefined()
    }
    expect((await keyValues.get('sum'))?.value).toBe(3)
    expect(await seqsOf(jobs, claim.job.id)).toEqual(denseUpTo(5))
    expect(await jobs.counts()).toEqual(
      expect.arrayContaining([
        { type: 'test', status: 'queued', count: 3, pruned: 0 },
        { type: claim.job.type, status: 'running', count: 1, pruned: 0 },
      ]),
    )
  })

  test('more operations than may wait are all done, in the order in which they came', async () => {
    const { jobs, keyValues } = await open({ folder: await folder(), maxWaitingOperations: 3, maxWaitingBytes: 2000, maxCommitBytes: 1000 })
    const sums = await Promise.all(Array.from({ length: 200 }, async () => keyValues.increment('sum', 1)))
    expect(sums.map(({ value }) => value)).toEqual(denseUpTo(200))
    const claim = await runningJob(jobs)
    const appends = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => jobs.append([appendOf(claim, 2 + index * 10, 10, 'x'.repeat(500))])),
    )
    expect(appends.flat().every(({ ok }) => ok)).toBe(true)
    expect(await seqsOf(jobs, claim.job.id)).toEqual(denseUpTo(202))
  })

  test('what waits when the store is closed is committed first', async () => {
    const path = await folder()
    const stores = await open({ folder: path, maxWaitingOperations: 5 })
    const waiting = Array.from({ length: 50 }, async () => stores.keyValues.increment('sum', 1))
    const closed = stores.close()
    await expect(stores.keyValues.increment('sum', 1)).rejects.toMatchObject({ code: 'closed' })
    await Promise.all(waiting)
    await closed
    expect((await (await open({ folder: path })).keyValues.get('sum'))?.value).toBe(50)
  })

  test('many jobs that wait for one key do not hold up the others', async () => {
    const { jobs } = await open({ folder: await folder() })
    const keyed = { type: 'release', concurrencyKey: 'release', keyLimit: 1, priority: 1 }
    await jobs.create(Array.from({ length: 5000 }, () => newJob(keyed)))
    const free = newJob({ type: 'release' })
    await jobs.create([free])
    const claims = await jobs.claim('worker', [{ type: 'release', limit: 2 }], 1000)
    expect(claims).toHaveLength(2)
    expect(claims[1]?.job.id).toBe(free.id)
    expect(await jobs.claim('worker', [{ type: 'release', limit: 100 }], 1000)).toEqual([])
  })

  test('a long log is pruned at once for those who look, and removed over several sweeps', async () => {
    const { jobs } = await open({ folder: await folder() })
    const claim = await runningJob(jobs)
    let base = claim.job.head
    for (let i = 0; i < 10; i++, base += 50) await jobs.append([appendOf(claim, base, 50, 'x'.repeat(60_000))])
    await jobs.append([{ ...appendOf(claim, base, 1), state: { status: 'completed' } }])
    const options = { limit: 10, retention: { default: { maxFinished: 0 } }, watched: [], watchedGraceMs: 0 }
    const first = await jobs.sweep(options)
    expect(first).toMatchObject({ pruned: [claim.job.id], more: true })
    expect(await jobs.get(claim.job.id)).toBeUndefined()
    expect(await jobs.read(claim.job.id, { after: 0, maxEvents: 1, maxBytes: 1 })).toBeUndefined()
    const sweeps = [first]
    while (sweeps.at(-1)?.more === true) sweeps.push(await jobs.sweep(options))
    expect(sweeps.length).toBeGreaterThan(1)
    expect(sweeps.slice(1).flatMap(({ pruned }) => pruned)).toEqual([])
  })

  test('an append with seqs that are not dense is a mistake of the caller', async () => {
    const { jobs } = await open({ folder: await folder() })
    const claim = await runningJob(jobs)
    const wrong = { ...appendOf(claim, 2, 2), events: appendOf(claim, 3, 2).events }
    const error: unknown = await jobs.append([wrong]).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RangeError)
    expect(error).not.toBeInstanceOf(StoreError)
    expect(await jobs.append([appendOf(claim, 2, 2)])).toEqual([{ ok: true }])
  })
})
