import { describe, expect, test } from 'vitest'
import { MAX_EVENT_BYTES } from '@headway/protocol'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { LEASE_MS, append, appendOf, claimOne, event, existing, logOf, runningJob, sweepOf, typesOf } from './kit.js'

export function describeAppend(open: OpenStore): void {
  describe('appending', () => {
    const store = useStore(open)

    test('events are stored as they were written, character by character', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const base = claim.job.head
      const events = [
        event(base + 1, 'a', null),
        event(base + 2, 'b', { text: 'CR\r LF\n NUL\0 \u2028 \u{1f600} "\\/', lone: '\ud800', deep: [[[{ n: -1.5e-7 }]]] }),
        event(base + 3, 'step.done-x_y:z', ''),
      ]
      expect(await append(jobs, { ...appendOf(claim, []), events })).toEqual({ ok: true })
      expect((await logOf(jobs, claim.job.id)).slice(base).map(({ line }) => line)).toEqual(events.map(({ line }) => line))
      expect((await logOf(jobs, claim.job.id)).slice(base).map(({ data }) => data)).toEqual(events.map(({ data }) => data))
    })

    test('the state goes with the events', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const { id, head } = claim.job
      await append(jobs, appendOf(claim, ['progress'], { state: { progress: { done: 1, total: 4, message: 'on it' } } }))
      expect(await existing(jobs, id)).toMatchObject({
        head: head + 1,
        status: 'running',
        progress: { done: 1, total: 4, message: 'on it' },
      })
      await append(jobs, appendOf(claim, ['paused'], { base: head + 1, state: { status: 'paused' } }))
      expect(await existing(jobs, id)).toMatchObject({ status: 'paused', progress: { done: 1, total: 4 } })
      await append(jobs, appendOf(claim, ['resumed'], { base: head + 2, state: { status: 'running' } }))
      const error = { code: 'job_error', message: 'no', retryable: false, details: { a: 1 } }
      await append(jobs, appendOf(claim, ['failed'], { base: head + 3, state: { status: 'failed', error, result: [1] } }))
      const job = await existing(jobs, id)
      expect(job).toMatchObject({ status: 'failed', error, result: [1], head: head + 4 })
      expect(job.finishedAt).toBeDefined()
    })

    test.each(['completed', 'failed', 'cancelled'] as const)('nothing follows a %s event', async (status) => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const base = claim.job.head
      expect(await append(jobs, appendOf(claim, ['last words', status].map(slug), { state: { status } }))).toEqual({ ok: true })
      expect(await append(jobs, appendOf(claim, ['more'], { base: base + 2 }))).toEqual({ ok: false, code: 'stale' })
      const page = await jobs.read(claim.job.id, { after: 0, maxEvents: 100, maxBytes: 100_000 })
      expect(page).toMatchObject({ closed: true, head: base + 2, next: base + 2 })
      expect(page?.events.at(-1)?.type).toBe(status)
    })

    test('an append at another place than the head is a conflict and writes nothing', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const base = claim.job.head
      await append(jobs, appendOf(claim, ['a', 'b']))
      for (const wrong of [base, base + 1, base + 3, 0]) {
        expect(await append(jobs, appendOf(claim, ['c'], { base: wrong, checkpoint: 'no' }))).toEqual({ ok: false, code: 'conflict' })
      }
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'a', 'b'])
    })

    test('a repetition is a success and writes nothing', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const first = appendOf(claim, ['a', 'b'])
      for (let i = 0; i < 3; i++) expect(await append(jobs, first)).toEqual({ ok: true })
      const end = appendOf(claim, ['completed'], { base: claim.job.head + 2, state: { status: 'completed' } })
      for (let i = 0; i < 3; i++) expect(await append(jobs, end)).toEqual({ ok: true })
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'a', 'b', 'completed'])
      expect((await existing(jobs, claim.job.id)).head).toBe(claim.job.head + 3)
    })

    test('a repeated release is a success', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const release = appendOf(claim, ['released'], { release: { delayMs: 0, reason: 'retry', attempt: 2 } })
      for (let i = 0; i < 2; i++) expect(await append(jobs, release)).toEqual({ ok: true })
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'released'])
    })

    test('the same events in another batch are a conflict, not a repetition', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      await append(jobs, appendOf(claim, ['a']))
      expect(await append(jobs, appendOf(claim, ['a']))).toEqual({ ok: false, code: 'conflict' })
    })

    test('a call with many appends: each succeeds or fails alone, in order', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const stale = await runningJob(jobs)
      await advance(LEASE_MS + 1)
      const [a, b] = [await runningJob(jobs), await runningJob(jobs)]
      const results = await jobs.append([
        appendOf(a, ['x']),
        appendOf(stale, ['x']),
        appendOf(b, ['x'], { base: 7 }),
        appendOf(b, ['x', 'y']),
        appendOf(a, ['z'], { base: a.job.head + 1 }),
      ])
      expect(results).toEqual([{ ok: true }, { ok: false, code: 'stale' }, { ok: false, code: 'conflict' }, { ok: true }, { ok: true }])
      expect(await typesOf(jobs, a.job.id)).toEqual(['created', 'claimed', 'x', 'z'])
      expect(await typesOf(jobs, b.job.id)).toEqual(['created', 'claimed', 'x', 'y'])
      expect(await jobs.append([])).toEqual([])
    })

    test('a checkpoint alone adds no event, and the next worker gets the last one', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const claim = await runningJob(jobs)
      await append(jobs, appendOf(claim, ['a'], { checkpoint: { step: 1 } }))
      await append(jobs, appendOf(claim, [], { base: claim.job.head + 1, checkpoint: { step: 2, list: [1, 'ä'] } }))
      expect(await typesOf(jobs, claim.job.id)).toEqual(['created', 'claimed', 'a'])
      await advance(LEASE_MS + 1)
      await jobs.sweep(sweepOf())
      expect((await claimOne(jobs, claim.job.type)).saved).toEqual({ step: 2, list: [1, 'ä'] })
    })

    test('an append that fulfils a request clears it, and only that one', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const { id, head } = claim.job
      await jobs.request(id, 'pause')
      await append(jobs, appendOf(claim, ['paused'], { state: { status: 'paused', fulfils: 'pause' } }))
      expect(await existing(jobs, id)).not.toHaveProperty('request')
      await jobs.request(id, 'cancel')
      await append(jobs, appendOf(claim, ['resumed'], { base: head + 1, state: { status: 'running', fulfils: 'resume' } }))
      expect(await existing(jobs, id)).toMatchObject({ status: 'running', request: 'cancel' })
    })

    test('large appends with the largest events come back whole', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const base = claim.job.head
      const frame = event(base + 10, 'big', '').line.length
      const events = Array.from({ length: 40 }, (_, index) => event(base + 1 + index, 'big', 'x'.repeat(MAX_EVENT_BYTES - frame)))
      expect(await append(jobs, { ...appendOf(claim, []), events })).toEqual({ ok: true })
      const log = await logOf(jobs, claim.job.id)
      expect(log.slice(base).map(({ line }) => line)).toEqual(events.map(({ line }) => line))
    })

    test('appends of many jobs at once all arrive, each log dense', async () => {
      const { jobs } = store().stores
      const claims = await Promise.all(Array.from({ length: 30 }, async () => runningJob(jobs)))
      await Promise.all(
        claims.map(async (claim) => {
          for (let i = 0; i < 10; i++) {
            const base = claim.job.head + i * 2
            expect(await append(jobs, appendOf(claim, ['a', 'b'], { base }))).toEqual({ ok: true })
          }
        }),
      )
      for (const { job } of claims) {
        expect((await logOf(jobs, job.id)).map(({ seq }) => seq)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1))
      }
    })
  })
}

/** An event type of any words. */
function slug(words: string): string {
  return words.replaceAll(' ', '-')
}
