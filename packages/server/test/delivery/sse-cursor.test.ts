import { describe, expect, it } from 'vitest'
import type { Dialect } from '@headway/server'
import { openHarness } from './support/harness.js'

const silentEnd: Dialect = {
  name: 'silent-end',
  encode: (event) => (event.type === 'step' ? [{ body: event.line }] : []),
  reset: (reset) => [{ body: JSON.stringify(reset) }],
}

describe('the cursor of a stream over SSE', () => {
  it('is the Last-Event-ID rather than the query', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    await job.finish()
    const stream = await fetch(`${url}/sse/${job.id}?after=0`, { headers: { 'Last-Event-ID': '2' } })
    expect((await stream.text()).match(/^id: .*$/gm)).toEqual(['id: 3'])
    const fromQuery = await fetch(`${url}/sse/${job.id}?after=1`, { headers: { 'Last-Event-ID': '' } })
    expect((await fromQuery.text()).match(/^id: .*$/gm)).toEqual(['id: 2', 'id: 3'])
  })

  it('is refused before the answer begins', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    for (const cursor of ['x', '-1', '1.2.3', '1e3', ' ', '0.1', '99999999999999999999', '1.', '.1']) {
      const answer = await fetch(`${url}/sse/${job.id}?after=${encodeURIComponent(cursor)}`)
      expect([answer.status, await answer.text()], cursor).toEqual([400, 'INVALID_CURSOR'])
    }
  })

  it('is answered with 204 where nothing can follow', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    const status = async (cursor: string): Promise<number> => {
      const answer = await fetch(`${url}/sse/${job.id}`, { headers: { 'Last-Event-ID': cursor } })
      await answer.body?.cancel()
      return answer.status
    }
    expect(await status('2')).toBe(200)
    await job.finish()
    expect(await status('3')).toBe(204)
    expect(await status('2.1')).toBe(200)
    expect(await status('2')).toBe(200)
    expect(await status('4')).toBe(200)
    expect((await fetch(`${url}/sse/${job.id}?after=3`)).status).toBe(204)
  })

  it('is answered with 204 where what follows makes no message', async () => {
    const { drive, url } = await openHarness({ sse: { dialect: silentEnd } })
    const job = await drive()
    await job.emit('step', null)
    await job.finish()
    const first = await fetch(`${url}/sse/${job.id}`)
    expect((await first.text()).match(/^id: .*$/gm)).toEqual(['id: 3'])
    expect((await fetch(`${url}/sse/${job.id}`, { headers: { 'Last-Event-ID': '3' } })).status).toBe(204)
  })
})
