import { assertNoUnfinishedCopy, copyStores, StoreError } from '@headway/core'
import type { CopyReport, JobStore, NewJob, StoredJob, Stores, StoreTransfer } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OpenStore, StoreFixture } from './fixture.js'
import {
  append,
  appendOf,
  claimOne,
  complete,
  createJob,
  existing,
  finishedJob,
  LEASE_MS,
  logOf,
  newJob,
  runningJob,
  sweepOf,
  uniqueType,
} from './kit.js'

const HOUR_MS = 3_600_000

/** Events of the long log: more than a copy reads at a time. */
const LONG_LOG = 2500

/** Defines the tests of a copy from one store to another. Both are empty when they are opened, and are opened several times. */
export function describeCopy(name: string, openFrom: OpenStore, openTo: OpenStore): void {
  async function openBoth(): Promise<readonly [from: StoreFixture, to: StoreFixture]> {
    const from = await openFrom()
    onTestFinished(() => from.close())
    const to = await openTo()
    onTestFinished(() => to.close())
    return [from, to]
  }

  describe(name, () => {
    test('everything arrives, and life goes on from there', async () => {
      const [from, to] = await openBoth()
      const made = await fill(from)
      const report = await copyStores(from.stores, to.stores)
      await expectAlike(from.stores, to.stores, made, report)
      await expectLifeGoesOn(to, made)
      // And back, for what the copy has become is no less whole.
      const home = await openFrom()
      onTestFinished(() => home.close())
      const back = await copyStores(to.stores, home.stores)
      expect(await idsOf(home.stores.jobs)).toEqual(await idsOf(to.stores.jobs))
      expect(back.blobs).toBe(report.blobs)
    })

    test('a target that has something is left as it is', async () => {
      const [from, to] = await openBoth()
      await finishedJob(from.stores.jobs, uniqueType())
      for (const put of [
        () => to.stores.keyValues.set('key', 1),
        () => to.stores.blobs.put(randomUUID(), bytes(Buffer.from('content'))),
        () => createJob(to.stores.jobs, uniqueType()),
      ]) {
        await put()
        await expect(copyStores(from.stores, to.stores)).rejects.toMatchObject({ name: 'CopyError', code: 'not_empty' })
        await to.stores.keyValues.delete('key')
      }
      const left = await idsOf(to.stores.jobs)
      expect(left).toHaveLength(1)
      // It is as it was, so it can be a source, and what was the source is refused as a target.
      await expect(copyStores(to.stores, from.stores)).rejects.toMatchObject({ code: 'not_empty' })
    })

    test('jobs that belong to somebody are not taken away', async () => {
      const [from, to] = await openBoth()
      const { job } = await runningJob(from.stores.jobs)
      await expect(copyStores(from.stores, to.stores)).rejects.toMatchObject({
        code: 'in_use',
        message: expect.stringContaining(job.id) as unknown,
      })
      // Its worker is lost, and nobody has looked after it yet.
      await from.advance(LEASE_MS + 1000)
      await expect(copyStores(from.stores, to.stores)).rejects.toMatchObject({ code: 'in_use' })
      await from.stores.jobs.sweep(sweepOf())
      await copyStores(from.stores, to.stores)
      expect(await existing(to.stores.jobs, job.id)).toMatchObject({ status: 'queued', recoveries: 1 })
    })

    test('a source that is written to meanwhile is noticed, and nothing can be done with the copy', async () => {
      const [from, to] = await openBoth()
      const type = uniqueType()
      await createJob(from.stores.jobs, type)
      const copy = copyStores(writtenMeanwhile(from.stores), to.stores)
      await expect(copy).rejects.toMatchObject({ name: 'CopyError' })
      await expect(assertNoUnfinishedCopy(to.stores)).rejects.toBeInstanceOf(StoreError)
      await expect(copyStores(to.stores, from.stores)).rejects.toBeInstanceOf(StoreError)
    })

    test('a copy that was interrupted begins anew', async () => {
      const [from, to] = await openBoth()
      const type = uniqueType()
      await from.stores.jobs.create(Array.from({ length: 40 }, () => newJob(type)))
      await from.stores.keyValues.set('key', 'value')
      await from.stores.blobs.put(randomUUID(), bytes(Buffer.from('content')))
      for (const last of ['jobs', 'blobs', 'checking']) {
        const stop = new AbortController()
        const copy = copyStores(from.stores, to.stores, {
          signal: stop.signal,
          onProgress: ({ phase, done }) => {
            if (phase === last && done > 0) stop.abort(new Error('stopped'))
          },
        })
        await expect(copy).rejects.toThrow('stopped')
        await expect(assertNoUnfinishedCopy(to.stores)).rejects.toThrow('not complete')
        expect(await to.stores.jobs.claim('worker', [{ type, limit: 100 }], LEASE_MS)).toEqual([])
      }
      const report = await copyStores(from.stores, to.stores)
      expect(report).toMatchObject({ jobs: 40, keyValues: 1, blobs: 1, began: 'again' })
      // The same contents have the same checksum, in whatever store they are.
      const back = await openFrom()
      onTestFinished(() => back.close())
      expect((await copyStores(to.stores, back.stores)).checksum).toBe(report.checksum)
      await assertNoUnfinishedCopy(to.stores)
      expect(await to.stores.jobs.claim('worker', [{ type, limit: 100 }], LEASE_MS)).toHaveLength(40)
    })
  })
}

interface Made {
  /** By what they are. */
  readonly ids: Readonly<Record<'long' | 'waiting' | 'scheduled' | 'late' | 'checkpoint' | 'paused' | 'behind', JobId>>
  readonly idempotent: NewJob
  readonly blobs: readonly { readonly ref: Awaited<ReturnType<Stores['blobs']['put']>>; readonly content: Buffer }[]
  readonly prunedType: string
}

/** Jobs of all kinds, entries and blobs. */
async function fill(fixture: StoreFixture): Promise<Made> {
  const { jobs, keyValues, blobs } = fixture.stores
  const prunedType = uniqueType()
  await finishedJob(jobs, prunedType)
  await finishedJob(jobs, prunedType)
  await jobs.sweep(sweepOf({ retention: { default: {}, byType: { [prunedType]: { maxFinished: 1 } } } }))

  const long = await runningJob(jobs, { input: { text: 'ä \u0000 \ud83d\ude80 "' }, priority: -3 })
  const content = randomBytes(200_000)
  const ref = await blobs.put(long.job.id, bytes(content))
  const empty = await blobs.put(long.job.id, bytes())
  const types = Array.from({ length: LONG_LOG }, (_, index) => `${'x'.repeat(index % 1000)}y`)
  await append(jobs, appendOf(long, types, { checkpoint: { at: 1 }, state: { progress: { done: 1, total: 2, message: 'half' } } }))
  const head = long.job.head + LONG_LOG
  await append(jobs, appendOf(long, ['completed'], { base: head, state: { status: 'completed', result: { ...ref } } }))

  const failed = await runningJob(jobs)
  await append(jobs, appendOf(failed, ['failed'], { state: { status: 'failed', error: { code: 'broken', message: 'It broke.' } } }))
  const cancelled = await createJob(jobs, uniqueType(), { parentId: long.job.id, retryOf: failed.job.id, definition: { steps: [1] } })
  await jobs.request(cancelled.id, 'cancel', 'not needed')

  const waitingType = uniqueType()
  const idempotent = newJob(waitingType, { idempotency: { scope: 'scope', key: 'key', fingerprint: 'print' }, priority: 7 })
  await jobs.create([idempotent])
  const scheduled = await createJob(jobs, uniqueType(), { runAt: new Date(Date.now() + HOUR_MS) })
  const late = await createJob(jobs, uniqueType(), { queueTimeoutMs: 2 * HOUR_MS, maxRecoveries: 0 })

  const released = await runningJob(jobs, { maxRecoveries: 5 })
  const release = { delayMs: 0, reason: 'server_stopped', attempt: 2 }
  await append(jobs, appendOf(released, ['work'], { checkpoint: { step: 3 }, release }))

  const key = `key-${randomUUID()}`
  const paused = await runningJob(jobs, { concurrencyKey: key, keyLimit: 1 })
  await jobs.request(paused.job.id, 'pause', 'for a while')
  await append(jobs, appendOf(paused, ['work'], { release }))
  const behind = await createJob(jobs, uniqueType(), { concurrencyKey: key, keyLimit: 1 })

  await keyValues.set('one', { text: 'ä', number: 1.5, none: null })
  await keyValues.set('two', 1)
  await keyValues.increment('two', 2)
  await keyValues.increment('ä-three', 4, { ttlMs: HOUR_MS })
  await keyValues.set('\u{10000}-four', [], { ttlMs: 10 * HOUR_MS })
  await keyValues.set('gone', true, { ttlMs: 1000 })
  await fixture.advance(2000)
  const ids = {
    long: long.job.id,
    waiting: idempotent.id,
    scheduled: scheduled.id,
    late: late.id,
    checkpoint: released.job.id,
    paused: paused.job.id,
    behind: behind.id,
  }
  return {
    ids,
    idempotent,
    blobs: [
      { ref, content },
      { ref: empty, content: Buffer.alloc(0) },
    ],
    prunedType,
  }
}

async function expectAlike(from: Stores, to: Stores, made: Made, report: CopyReport): Promise<void> {
  const ids = await idsOf(from.jobs)
  expect(await idsOf(to.jobs)).toEqual(ids)
  let events = 0
  for (const id of ids) {
    expect(await existing(to.jobs, id)).toEqual(await existing(from.jobs, id))
    const log = (await logOf(from.jobs, id)).map(({ line }) => line)
    expect((await logOf(to.jobs, id)).map(({ line }) => line)).toEqual(log)
    events += log.length
  }
  expect(sorted(await to.jobs.counts())).toEqual(sorted(await from.jobs.counts()))
  expect((await to.jobs.counts()).find(({ type }) => type === made.prunedType)).toMatchObject({ count: 1, pruned: 1 })
  expect(await to.jobs.findByKey({ scope: 'scope', key: 'key' })).toMatchObject({ id: made.ids.waiting })
  const keys = await from.keyValues.keys('', 100)
  expect(keys).not.toContain('gone')
  expect(await to.keyValues.keys('', 100)).toEqual(keys)
  for (const key of keys) expect(await to.keyValues.get(key)).toEqual(await from.keyValues.get(key))
  for (const { ref, content } of made.blobs) expect((await contentOf(to, ref)).equals(content)).toBe(true)
  expect(report).toMatchObject({ jobs: ids.length, events, keyValues: keys.length, blobs: 2, blobBytes: 200_000, began: 'anew' })
  expect(sorted(report.counts)).toEqual(sorted(await from.jobs.counts()))
}

async function expectLifeGoesOn({ stores, advance }: StoreFixture, { ids, idempotent, prunedType }: Made): Promise<void> {
  const { jobs, keyValues } = stores
  const typeOf = async (id: JobId): Promise<string> => (await existing(jobs, id)).type
  expect((await jobs.create([{ ...idempotent, id: randomUUID() }]))[0]).toMatchObject({ created: false, sameRequest: true })
  const again = await claimOne(jobs, await typeOf(ids.checkpoint))
  expect(again).toMatchObject({ saved: { step: 3 }, lease: { epoch: 2 }, job: { attempt: 2 } })
  await complete(jobs, again)
  // A paused job has its place of the key, and its turn when it is resumed.
  expect(await jobs.claim('worker', [{ type: await typeOf(ids.behind), limit: 1 }], LEASE_MS)).toEqual([])
  await jobs.request(ids.paused, 'resume')
  await complete(jobs, await claimOne(jobs, await typeOf(ids.paused)))
  await complete(jobs, await claimOne(jobs, await typeOf(ids.behind)))
  expect(await jobs.claim('worker', [{ type: await typeOf(ids.scheduled), limit: 1 }], LEASE_MS)).toEqual([])
  // New ones come after those that were copied, in every list.
  const newest = await createJob(jobs, uniqueType())
  expect((await jobs.list({ limit: 1 })).items[0]?.id).toBe(newest.id)
  const before = (await keyValues.get('two'))?.version ?? 0
  expect(await keyValues.set('two', 3, { ifVersion: before })).toBeGreaterThan(before)

  await advance(HOUR_MS + 10_000)
  expect(await keyValues.get('ä-three')).toBeUndefined()
  await complete(jobs, await claimOne(jobs, await typeOf(ids.scheduled)))
  await advance(HOUR_MS)
  expect((await jobs.sweep(sweepOf())).ended).toContain(ids.late)
  expect(await existing(jobs, ids.late)).toMatchObject({ status: 'failed', error: { code: 'queue_timeout' } })
  await jobs.sweep(sweepOf({ retention: { default: {}, byType: { [prunedType]: { maxFinished: 0 } } } }))
  expect((await jobs.counts()).find(({ type }) => type === prunedType)).toMatchObject({ count: 0, pruned: 2 })
}

/** Of all jobs, newest first. */
async function idsOf(jobs: JobStore): Promise<readonly JobId[]> {
  const items: StoredJob[] = []
  for (let cursor: string | undefined; ;) {
    const page = await jobs.list({ limit: 100, ...(cursor !== undefined && { cursor }) })
    items.push(...page.items)
    if (page.nextCursor === null) return items.map(({ id }) => id)
    cursor = page.nextCursor
  }
}

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(value)).toSorted()
}

/** The same stores, with somebody who writes to them while they are copied. */
function writtenMeanwhile(stores: Stores): Stores {
  const { transfer, keyValues } = stores
  if (transfer === undefined) throw new Error('This store can not be copied.')
  return {
    ...stores,
    transfer: new Proxy(transfer, {
      get: (target, name: keyof StoreTransfer) =>
        name === 'pastFigures'
          ? async () => {
              await keyValues.set('written', 'meanwhile')
              return target.pastFigures()
            }
          : target[name].bind(target),
    }),
  }
}

async function* bytes(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part)
}

async function contentOf({ blobs }: Stores, ref: Parameters<Stores['blobs']['read']>[0]): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of blobs.read(ref)) parts.push(part)
  return Buffer.concat(parts)
}
