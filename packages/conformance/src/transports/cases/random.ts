import { array, assert, asyncProperty, constantFrom, double, integer, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TransportSuite } from '../describe-transport.js'
import { collectWithCuts, logLines } from '../watch.js'

/** Any way through a log. */
export function randomCases({ client, fixture: open }: TransportSuite): void {
  describe('at random', () => {
    it('is never a gap or a repeat, from any cursor, however often the connection is lost', async () => {
      const fixture = open()
      const plan = record({
        before: integer({ min: 0, max: 30 }),
        live: integer({ min: 0, max: 30 }),
        afterShare: double({ min: 0, max: 1, noNaN: true }),
        cuts: array(integer({ min: 1, max: 12 }), { maxLength: 6 }),
        size: constantFrom(1, 100, 5000),
      })
      await assert(
        asyncProperty(plan, async ({ before, live, afterShare, cuts, size }) => {
          const job = await fixture.drive()
          const emit = (n: number): Promise<void> => job.emit('step', { n, text: 'é'.repeat(size) })
          await Promise.all(Array.from({ length: before }, (_, n) => emit(n)))
          const after = Math.floor(afterShare * (before + 2))
          const watching = collectWithCuts({ fixture, client, jobId: job.id, after }, cuts)
          for (let n = 0; n < live; n += 1) await emit(before + n)
          await job.finish()
          expect(await watching).toEqual(await logLines(fixture.engine, job.id, after))
        }),
        { numRuns: 30 },
      )
    })
  })
}
