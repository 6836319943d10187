import { describe, expect, test } from 'vitest'
import { MAX_EVENT_BYTES } from '@headway/protocol'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { createJob, existing, logOf, newJob, uniqueType } from './kit.js'

export function describeCreate(open: OpenStore): void {
  describe('creating jobs', () => {
    const store = useStore(open)

    test('keys that no database can hold are refused', async () => {
      const { jobs } = store().stores
      const idempotency = { scope: 's', key: 'a\0', fingerprint: 'f' }
      for (const members of [{ concurrencyKey: 'a\0b' }, { concurrencyKey: '\ud800' }, { idempotency }]) {
        await expect(jobs.create([newJob(uniqueType(), members)])).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      }
      expect(await jobs.findByKey(idempotency)).toBeUndefined()
    })

    test('a new job waits in the queue, with all that it was made from', async () => {
      const { jobs } = store().stores
      const parent = await createJob(jobs, uniqueType())
      const runAt = new Date('2100-01-01T00:00:00.000Z')
      const members = {
        input: { text: 'line\nbreak "quotes" \u2028 \u{1f600}', list: [1, null, true] },
        priority: 7,
        runAt,
        concurrencyKey: 'release',
        keyLimit: 2,
        parentId: parent.id,
        retryOf: parent.id,
        definition: { steps: ['one'] },
      }
      const job = newJob(uniqueType(), members)
      const [created] = await jobs.create([job])
      expect(created).toMatchObject({ created: true })
      const stored = await existing(jobs, job.id)
      expect(created?.job).toEqual(stored)
      expect(stored).toMatchObject({
        id: job.id,
        type: job.type,
        status: 'queued',
        input: members.input,
        definition: members.definition,
        progress: null,
        priority: 7,
        attempt: 0,
        recoveries: 0,
        head: 1,
        concurrencyKey: 'release',
        parentId: parent.id,
        retryOf: parent.id,
        runAt: runAt.toISOString(),
      })
      for (const member of ['result', 'error', 'request', 'startedAt', 'finishedAt']) expect(stored).not.toHaveProperty(member)
    })

    test('the log begins with the created event', async () => {
      const { jobs } = store().stores
      const first = await createJob(jobs, uniqueType(), { input: { a: 1 } })
      const again = await createJob(jobs, first.type, { input: { a: 1 }, retryOf: first.id })
      const [event, ...more] = await logOf(jobs, again.id)
      expect(more).toEqual([])
      expect(event).toMatchObject({ seq: 1, type: 'created', data: { type: first.type, input: { a: 1 }, retryOf: first.id } })
      expect(event?.at).toBe(again.createdAt)
    })

    test('an input that no event can hold is kept, and left out of the created event', async () => {
      const { jobs } = store().stores
      const input = { text: 'ä'.repeat(MAX_EVENT_BYTES) }
      const job = await createJob(jobs, uniqueType(), { input })
      expect((await existing(jobs, job.id)).input).toEqual(input)
      const [event] = await logOf(jobs, job.id)
      expect(event?.data).toEqual({ type: job.type })
    })

    test('the same id makes one job', async () => {
      const { jobs } = store().stores
      const job = newJob(uniqueType(), { input: 'first' })
      await jobs.create([job])
      const [again] = await jobs.create([{ ...job, input: 'second' }])
      expect(again).toMatchObject({ created: false, matched: 'id', sameRequest: false, job: { input: 'first' } })
    })

    test('the same idempotency key makes one job, and tells whether the request was the same', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const first = newJob(type, { idempotency: { scope: type, key: 'k', fingerprint: 'f' } })
      await jobs.create([first])
      const [same] = await jobs.create([newJob(type, { idempotency: { scope: type, key: 'k', fingerprint: 'f' } })])
      expect(same).toMatchObject({ created: false, matched: 'idempotency', sameRequest: true, job: { id: first.id } })
      const [other] = await jobs.create([newJob(type, { idempotency: { scope: type, key: 'k', fingerprint: 'g' } })])
      expect(other).toMatchObject({ created: false, matched: 'idempotency', sameRequest: false, job: { id: first.id } })
      expect(await jobs.findByKey({ scope: type, key: 'k' })).toEqual(await existing(jobs, first.id))
      const [elsewhere] = await jobs.create([newJob(type, { idempotency: { scope: `${type}-2`, key: 'k', fingerprint: 'f' } })])
      expect(elsewhere).toMatchObject({ created: true })
    })

    test('the idempotency key counts before the id', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const job = newJob(type, { idempotency: { scope: type, key: 'k', fingerprint: 'f' } })
      await jobs.create([job])
      const [again] = await jobs.create([job])
      expect(again).toMatchObject({ created: false, matched: 'idempotency', sameRequest: true })
    })

    test('many at once with one idempotency key make one job', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const idempotency = { scope: type, key: 'k', fingerprint: 'f' }
      const results = await Promise.all(Array.from({ length: 20 }, async () => jobs.create([newJob(type, { idempotency })])))
      const created = results.flat().filter((result) => result.created)
      expect(created).toHaveLength(1)
      expect(new Set(results.flat().map(({ job }) => job.id))).toEqual(new Set(created.map(({ job }) => job.id)))
    })

    test('one call makes several jobs, in order, and finds repetitions among them', async () => {
      const { jobs } = store().stores
      const [a, b] = [newJob(uniqueType()), newJob(uniqueType())]
      const results = await jobs.create([a, b, a])
      expect(results.map(({ created, job }) => [created, job.id])).toEqual([
        [true, a.id],
        [true, b.id],
        [false, a.id],
      ])
      expect(await jobs.create([])).toEqual([])
    })

    test('a job that is not there is not found', async () => {
      const { jobs } = store().stores
      const { id } = newJob('none')
      expect(await jobs.get(id)).toBeUndefined()
      expect(await jobs.findByKey({ scope: 'none', key: id })).toBeUndefined()
      expect(await jobs.read(id, { after: 0, maxEvents: 1, maxBytes: 1 })).toBeUndefined()
      expect(await jobs.request(id, 'cancel')).toBeUndefined()
    })
  })
}
