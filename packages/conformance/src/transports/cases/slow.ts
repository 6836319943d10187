import { describe, expect, it } from 'vitest'
import type { TransportSuite } from '../describe-transport.js'
import { linesOf, logLines, watch } from '../watch.js'

/** More than what all buffers between a server and a client hold, in events of 60 KB. */
const MANY = 200

/** A watcher that reads slowly is only late. */
export function slowCases({ client, fixture: open }: TransportSuite): void {
  describe('a slow reader', () => {
    it('gets everything, once it reads on', async () => {
      const fixture = open()
      const job = await fixture.drive()
      const watching = watch({ fixture, client, jobId: job.id })
      const first = await watching.next()
      for (let n = 0; n < MANY; n += 1) await job.emit('bulk', { n, text: 'x'.repeat(60_000) })
      await job.finish()
      const all = first.done === true ? [] : [first.value]
      for await (const what of watching) all.push(what)
      expect(linesOf(all)).toEqual(await logLines(fixture.engine, job.id))
    })
  })
}
