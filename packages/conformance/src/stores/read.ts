import type { Claim, JobStore, ReadRange } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { append, appendOf, createJob, event, newJob, runningJob, uniqueType } from './kit.js'

const ALL: ReadRange = { after: 0, maxEvents: 10_000, maxBytes: 10_000_000 }

export function describeRead(open: OpenStore): void {
  describe('reading logs', () => {
    const store = useStore(open)

    /** A log whose appends have 1, 2, ... `appends` events; types go around. */
    async function longLog(jobs: JobStore, appends: number): Promise<Claim> {
      const claim = await runningJob(jobs)
      let base = claim.job.head
      for (let size = 1; size <= appends; size++) {
        const events = Array.from({ length: size }, (_, index) => {
          const seq = base + 1 + index
          return event(seq, ['red', 'green', 'blue'][seq % 3] ?? '', { seq, text: 'ü'.repeat(seq % 50) })
        })
        await append(jobs, { ...appendOf(claim, []), base, events })
        base += size
      }
      return claim
    }

    test('from every cursor, the rest of the log', async () => {
      const { jobs } = store().stores
      const { job } = await longLog(jobs, 8)
      const whole = await jobs.read(job.id, ALL)
      const head = 38
      expect(whole).toMatchObject({ next: head, head, closed: false, earliest: 1 })
      expect(whole?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1))
      for (let after = 0; after <= head; after++) {
        const page = await jobs.read(job.id, { ...ALL, after })
        expect(page?.events.map(({ line }) => line)).toEqual(whole?.events.slice(after).map(({ line }) => line))
        expect(page?.next).toBe(head)
      }
    })

    test('pages of any size, one after the other, make the whole log', async () => {
      const { jobs } = store().stores
      const { job } = await longLog(jobs, 12)
      const whole = await jobs.read(job.id, ALL)
      for (const limits of [
        { maxEvents: 1, maxBytes: 1_000_000 },
        { maxEvents: 7, maxBytes: 1_000_000 },
        { maxEvents: 1000, maxBytes: 1 },
        { maxEvents: 1000, maxBytes: 300 },
        { maxEvents: 5, maxBytes: 700 },
      ]) {
        const lines: string[] = []
        for (let after = 0; after < (whole?.head ?? 0);) {
          const page = await jobs.read(job.id, { after, ...limits })
          if (page === undefined) throw new Error('The job is gone.')
          expect(page.events.length).toBeGreaterThan(0)
          expect(page.events.length).toBeLessThanOrEqual(limits.maxEvents)
          const bytes = page.events.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0)
          if (page.events.length > 1) expect(bytes).toBeLessThanOrEqual(limits.maxBytes)
          expect(page.next).toBe(page.events.at(-1)?.seq)
          lines.push(...page.events.map(({ line }) => line))
          after = page.next
        }
        expect(lines).toEqual(whole?.events.map(({ line }) => line))
      }
    })

    test('a page is no smaller than its limits ask', async () => {
      const { jobs } = store().stores
      const { job } = await longLog(jobs, 5)
      expect((await jobs.read(job.id, { after: 1, maxEvents: 9, maxBytes: 1_000_000 }))?.events).toHaveLength(9)
    })

    test('only events of some types; the cursor passes the others', async () => {
      const { jobs } = store().stores
      const { job } = await longLog(jobs, 10)
      const whole = await jobs.read(job.id, ALL)
      const lines: string[] = []
      let after = 0
      while (after < (whole?.head ?? 0)) {
        const page = await jobs.read(job.id, { after, types: ['red', 'created'], maxEvents: 3, maxBytes: 100_000 })
        if (page === undefined) throw new Error('The job is gone.')
        expect(page.next).toBeGreaterThan(after)
        expect(page.events.length).toBeLessThanOrEqual(3)
        lines.push(...page.events.map(({ line }) => line))
        after = page.next
      }
      expect(lines).toEqual(whole?.events.filter(({ type }) => type === 'red' || type === 'created').map(({ line }) => line))
      expect(await jobs.read(job.id, { ...ALL, types: ['none'] })).toMatchObject({ events: [], next: whole?.head })
      expect(await jobs.read(job.id, { ...ALL, types: [] })).toMatchObject({ events: [], next: whole?.head })
    })

    test('at the end there is nothing, and beyond it the head tells', async () => {
      const { jobs } = store().stores
      const job = await createJob(jobs, uniqueType())
      expect(await jobs.read(job.id, { ...ALL, after: 1 })).toEqual({ events: [], next: 1, head: 1, closed: false, earliest: 1 })
      expect(await jobs.read(job.id, { ...ALL, after: 99 })).toMatchObject({ events: [], head: 1, closed: false })
    })

    test('a log that is read while it grows has no gap', async () => {
      const { jobs } = store().stores
      const claim = await runningJob(jobs)
      const writing = (async () => {
        for (let i = 0; i < 50; i++) await append(jobs, appendOf(claim, ['a', 'b', 'c'], { base: claim.job.head + i * 3 }))
        const base = claim.job.head + 150
        await append(jobs, appendOf(claim, ['completed'], { base, state: { status: 'completed' } }))
      })()
      const seqs: number[] = []
      for (let after = 0, closed = false; !closed || after < 153;) {
        const page = await jobs.read(claim.job.id, { after, maxEvents: 10, maxBytes: 100_000 })
        if (page === undefined) throw new Error('The job is gone.')
        expect(page.next).toBeLessThanOrEqual(page.head)
        if (page.closed) expect(page.head).toBe(153)
        seqs.push(...page.events.map(({ seq }) => seq))
        after = page.next
        closed = page.closed
      }
      await writing
      expect(seqs).toEqual(Array.from({ length: 153 }, (_, index) => index + 1))
    })

    test('logs do not mix', async () => {
      const { jobs } = store().stores
      const claims = [await longLog(jobs, 4), await longLog(jobs, 4), await longLog(jobs, 4)]
      for (const { job } of claims) {
        const page = await jobs.read(job.id, ALL)
        expect(page?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
        expect(page?.events[0]).toMatchObject({ data: { type: job.type } })
      }
      expect(await jobs.read(newJob('none').id, ALL)).toBeUndefined()
    })
  })
}
