import { MAX_EVENT_BYTES } from '@headway/protocol'
import { describe, expect, it } from 'vitest'
import type { TransportSuite } from '../describe-transport.js'
import { splittingProxy } from '../splitting-proxy.js'
import { collect, linesOf, logLines } from '../watch.js'

/** Line ends of every kind, signs of one to four bytes, what JSON escapes, and what only looks like a field of a stream. */
const TEXTS = [
  'plain',
  'zwölf Öfen',
  '日本語のテキスト',
  '👩‍👩‍👧 🚀',
  'a\nb\rc\r\nd',
  '\u2028\u2029\u0000\u001F',
  'data: x\n\nid: 7\n\n',
  '\uFEFF',
  '"\\',
]

/** Events of any content and size. */
export function bytesCases({ client, fixture: open }: TransportSuite): void {
  describe('bytes', () => {
    it('gives every text as it was', async () => {
      const fixture = open()
      const job = await fixture.drive()
      for (const text of TEXTS) await job.emit('text', { text })
      await job.finish()
      const all = await collect({ fixture, client, jobId: job.id })
      expect(all.flatMap((what) => (what.kind === 'event' && what.event.type === 'text' ? [what.event.data] : []))).toEqual(
        TEXTS.map((text) => ({ text })),
      )
    })

    it('gives the same when the network cuts it anywhere, within a sign, too', async () => {
      const fixture = open()
      const job = await fixture.drive()
      for (const text of TEXTS) await job.emit('text', { text })
      await job.finish()
      const proxy = await splittingProxy(fixture.baseUrl)
      try {
        const all = await collect({ fixture, client, jobId: job.id, baseUrl: proxy.url })
        expect(linesOf(all)).toEqual(await logLines(fixture.engine, job.id))
      } finally {
        await proxy.close()
      }
    })

    it('gives the largest event whole, among small ones', async () => {
      const fixture = open()
      const job = await fixture.drive()
      const around = Buffer.byteLength('{"seq":4,"at":"2026-01-01T00:00:00.000Z","type":"large","data":""}')
      await job.emit('small', 1)
      await job.emit('large', 'ö'.repeat((MAX_EVENT_BYTES - around) / 2))
      await job.emit('small', 2)
      await job.finish()
      expect(linesOf(await collect({ fixture, client, jobId: job.id }))).toEqual(await logLines(fixture.engine, job.id))
    })
  })
}
