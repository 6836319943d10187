import { describe, expect, it } from 'vitest'
import type { TransportSuite } from '../describe-transport.js'
import { collect, linesOf, logLines } from '../watch.js'

/** A log that is there already. */
export function replayCases({ client, fixture: open }: TransportSuite): void {
  describe('replay', () => {
    it('gives the whole log, its terminal event last, and then ends', async () => {
      const fixture = open()
      const job = await fixture.drive()
      for (let n = 1; n <= 5; n += 1) await job.emit('step', { n })
      await job.finish()
      const all = await collect({ fixture, client, jobId: job.id })
      expect(linesOf(all)).toEqual(await logLines(fixture.engine, job.id))
      expect(all.at(-1)).toMatchObject({ kind: 'event', event: { type: 'completed' } })
    })

    it('gives what follows a cursor, from each cursor', async () => {
      const fixture = open()
      const job = await fixture.drive()
      for (let n = 1; n <= 8; n += 1) await job.emit('step', { n })
      await job.finish()
      const lines = await logLines(fixture.engine, job.id)
      for (let after = 0; after <= lines.length; after += 1) {
        expect(linesOf(await collect({ fixture, client, jobId: job.id, after })), `after ${after}`).toEqual(lines.slice(after))
      }
    })

    it('gives a log of many pages', async () => {
      const fixture = open()
      const job = await fixture.drive()
      await Promise.all(Array.from({ length: 3000 }, (_, n) => job.emit('step', { n, text: 'x'.repeat(100) })))
      await job.finish()
      expect(linesOf(await collect({ fixture, client, jobId: job.id }))).toEqual(await logLines(fixture.engine, job.id))
    })
  })
}
