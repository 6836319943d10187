import { describe, expect, it } from 'vitest'
import type { TransportSuite } from '../describe-transport.js'
import { collect, collectWithCuts, linesOf, logLines, watch } from '../watch.js'

/** A log that grows while it is watched. */
export function liveCases({ client, fixture: open }: TransportSuite): void {
  describe('live', () => {
    it('gives events as they are committed', async () => {
      const fixture = open()
      const job = await fixture.drive()
      const watching = watch({ fixture, client, jobId: job.id, after: 2 })
      for (let n = 1; n <= 5; n += 1) {
        await job.emit('step', { n })
        expect((await watching.next()).value).toMatchObject({ event: { seq: n + 2, type: 'step', data: { n } } })
      }
      await job.finish()
      expect((await watching.next()).value).toMatchObject({ event: { type: 'completed' } })
      expect((await watching.next()).done).toBe(true)
    })

    it('goes over from what is stored to what comes without gap or repeat, whenever watchers connect', async () => {
      const fixture = open()
      const job = await fixture.drive()
      const watchers: Promise<string[]>[] = []
      for (let n = 1; n <= 200; n += 1) {
        const emitted = job.emit('step', { n })
        if (n % 20 === 0) watchers.push(collect({ fixture, client, jobId: job.id }).then(linesOf))
        if (n % 7 === 0) await emitted
      }
      await job.emit('last', null)
      await job.finish()
      const lines = await logLines(fixture.engine, job.id)
      for (const watcher of watchers) expect(await watcher).toEqual(lines)
    })

    it('gives the same to watchers at different cursors', async () => {
      const fixture = open()
      const job = await fixture.drive()
      for (let n = 1; n <= 20; n += 1) await job.emit('step', { n })
      const cursors = [0, 1, 7, 20, 22]
      const watchers = cursors.map((after) => collect({ fixture, client, jobId: job.id, after }).then(linesOf))
      for (let n = 21; n <= 40; n += 1) await job.emit('step', { n })
      await job.finish()
      const lines = await logLines(fixture.engine, job.id)
      for (const [index, after] of cursors.entries()) expect(await watchers[index], `after ${after}`).toEqual(lines.slice(after))
    })

    it('goes on right after the cursor of a watcher that comes back', async () => {
      const fixture = open()
      const job = await fixture.drive()
      const watching = collectWithCuts({ fixture, client, jobId: job.id }, [1, 1, 5, 10, 3, 20])
      for (let n = 1; n <= 60; n += 1) await job.emit('step', { n })
      await job.finish()
      expect(await watching).toEqual(await logLines(fixture.engine, job.id))
    })

    it('does not take a lost watcher for a cancel', async () => {
      const fixture = open()
      const job = await fixture.drive()
      await collect({ fixture, client, jobId: job.id }, 2)
      await job.emit('step', { after: 'the watcher left' })
      expect(job.signal.aborted).toBe(false)
      await job.finish()
      expect((await fixture.engine.get(job.id)).status).toBe('completed')
    })
  })
}
