import { describe, expect, it } from 'vitest'
import { WatchRefusedError } from '../clients/index.js'
import type { TransportSuite } from '../describe-transport.js'
import { collect, linesOf, logLines } from '../watch.js'

/** History that is not there. */
export function goneCases({ client, fixture: open }: TransportSuite): void {
  describe('history that is gone', () => {
    it('says a reset to a cursor beyond the head, then gives the log from its start', async () => {
      const fixture = open()
      const job = await fixture.drive()
      await job.emit('step', { n: 1 })
      await job.finish()
      const lines = await logLines(fixture.engine, job.id)
      const [first, ...rest] = await collect({ fixture, client, jobId: job.id, after: lines.length + 3 })
      expect(first).toEqual({ kind: 'reset', reset: { type: 'reset', reason: 'ahead', after: 0, head: lines.length } })
      expect(linesOf(rest)).toEqual(lines)
    })

    it('says the same while the job runs, and goes on live', async () => {
      const fixture = open()
      const job = await fixture.drive()
      const watching = collect({ fixture, client, jobId: job.id, after: 1000 })
      await job.emit('step', { n: 1 })
      await job.finish()
      const [first, ...rest] = await watching
      expect(first).toMatchObject({ kind: 'reset', reset: { reason: 'ahead', after: 0 } })
      expect(linesOf(rest)).toEqual(await logLines(fixture.engine, job.id))
    })

    it('refuses a job that was pruned', async () => {
      const fixture = open()
      const job = await fixture.drive()
      await job.finish()
      const { jobs } = fixture.engine.stores
      await jobs.sweep({ limit: 1000, retention: { default: { maxFinished: 0 } }, watched: [], watchedGraceMs: 0 })
      const watching = collect({ fixture, client, jobId: job.id, after: 1 })
      await expect(watching).rejects.toThrow(WatchRefusedError)
      await expect(watching).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
    })
  })
}
