import { StoreError } from '@headway/core'
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import {
  append,
  appendOf,
  claimOne,
  complete,
  createJob,
  existing,
  finishedJob,
  logOf,
  newJob,
  runningJob,
  sweepOf,
  uniqueType,
} from './kit.js'

export function describeDurability(open: OpenStore): void {
  describe('after a crash', () => {
    const store = useStore(open)

    test('everything that was acknowledged is there', async () => {
      const fixture = store()
      const { jobs, keyValues, blobs } = fixture.stores
      const finished = await finishedJob(jobs, uniqueType())
      const queued = newJob(uniqueType(), { idempotency: { scope: 's', key: uniqueType(), fingerprint: 'f' } })
      await jobs.create([queued])
      const running = await runningJob(jobs)
      await append(jobs, appendOf(running, ['a', 'b'], { checkpoint: 'saved', state: { progress: { done: 1, total: 2 } } }))
      const logs = await Promise.all([finished, running.job].map(async ({ id }) => logOf(jobs, id)))
      const key = randomUUID()
      const version = await keyValues.set(key, 'value')
      const ref = await blobs.put(running.job.id, bytes('content'))

      const again = await fixture.reopen()
      for (const [index, { id }] of [finished, running.job].entries()) {
        const log = await logOf(again.jobs, id)
        const before = (logs[index] ?? []).map(({ line }) => line)
        expect(log.slice(0, before.length).map(({ line }) => line)).toEqual(before)
      }
      expect(await again.jobs.get(finished.id)).toEqual(finished)
      expect((await again.jobs.create([queued]))[0]).toMatchObject({ created: false, matched: 'idempotency', sameRequest: true })
      expect(await existing(again.jobs, running.job.id)).toMatchObject({ progress: { done: 1, total: 2 } })
      expect(await again.keyValues.get(key)).toEqual({ value: 'value', version })
      const parts: Uint8Array[] = []
      for await (const part of again.blobs.read(ref)) parts.push(part)
      expect(Buffer.concat(parts).toString()).toBe('content')
    })

    test('a job goes on from its checkpoint once its lease is over', async () => {
      const fixture = store()
      const before = await runningJob(fixture.stores.jobs)
      await append(fixture.stores.jobs, appendOf(before, ['work'], { checkpoint: { step: 3 } }))
      const { jobs } = await fixture.reopen()
      await fixture.advance(10_000_000)
      expect((await jobs.sweep(sweepOf())).recovered).toContain(before.job.id)
      expect(await append(jobs, appendOf(before, ['late'], { base: before.job.head + 1 }))).toEqual({ ok: false, code: 'stale' })
      const claim = await claimOne(jobs, before.job.type)
      expect(claim).toMatchObject({ saved: { step: 3 }, job: { recoveries: 1, attempt: 1 } })
      await complete(jobs, claim)
    })

    test('counts and waiting jobs are as they were', async () => {
      const fixture = store()
      const type = uniqueType()
      const first = await createJob(fixture.stores.jobs, type)
      await createJob(fixture.stores.jobs, type, { priority: 1 })
      const { jobs } = await fixture.reopen()
      expect((await jobs.counts()).filter((entry) => entry.type === type)).toEqual([{ type, status: 'queued', count: 2, pruned: 0 }])
      expect((await claimOne(jobs, type)).job.priority).toBe(1)
      expect((await claimOne(jobs, type)).job.id).toBe(first.id)
    })

    test('a store that is closed refuses everything with the code closed', async () => {
      const fixture = store()
      const { stores } = fixture
      await stores.check()
      const running = await runningJob(stores.jobs)
      const last = append(stores.jobs, appendOf(running, ['last']))
      await stores.close()
      await stores.close()
      expect(await last).toEqual({ ok: true })
      for (const act of [
        async () => stores.check(),
        async () => stores.jobs.create([newJob('any')]),
        async () => stores.jobs.get(running.job.id),
        async () => stores.jobs.list({ limit: 1 }),
        async () => stores.jobs.counts(),
        async () => stores.jobs.dueIn(['any']),
        async () => stores.jobs.claim('w', [{ type: 'any', limit: 1 }], 1000),
        async () => stores.jobs.renew([running.lease], 1000),
        async () => append(stores.jobs, appendOf(running, ['more'])),
        async () => stores.jobs.request(running.job.id, 'cancel'),
        async () => stores.jobs.read(running.job.id, { after: 0, maxEvents: 1, maxBytes: 1 }),
        async () => stores.jobs.sweep(sweepOf()),
        async () => stores.keyValues.get('key'),
        async () => stores.keyValues.set('key', 1),
        async () => stores.keyValues.increment('key', 1),
        async () => stores.keyValues.delete('key'),
        async () => stores.keyValues.keys('', 1),
        async () => stores.blobs.put(running.job.id, bytes('x')),
        async () => stores.blobs.deleteAll(running.job.id),
      ]) {
        const error: unknown = await act().catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(StoreError)
        expect(error).toMatchObject({ code: 'closed' })
      }
      const again = await fixture.reopen()
      expect((await logOf(again.jobs, running.job.id)).map(({ type }) => type)).toContain('last')
    })
  })
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text))
}
