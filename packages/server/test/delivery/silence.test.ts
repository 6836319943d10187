import { describe, expect, it } from 'vitest'
import { openHarness } from './support/harness.js'
import { dechunk, RawClient } from './support/raw-client.js'

const settings = { heartbeatMs: 40, tickMs: 10 }

describe('a stream with nothing to say', () => {
  it('sends comments over SSE', async () => {
    const { drive, port } = await openHarness({ settings })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`)
    await client.until(/(: heartbeat\n\n\r\n[^]*){3}/)
    await job.finish()
    const body = dechunk(await client.until(/\r\n0\r\n\r\n$/))
    expect(body.replaceAll(': heartbeat\n\n', '')).toMatch(/^retry: 2000\n\nid: 1\n.*\n\nid: 2\n.*\n\nid: 3\n.*\n\n$/)
  })

  it('sends empty lines as NDJSON', async () => {
    const { drive, port } = await openHarness({ settings })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/ndjson/${job.id}`)
    await client.until(/(1\r\n\n\r\n){2}/)
    await job.finish()
    const lines = dechunk(await client.until(/\r\n0\r\n\r\n$/)).split('\n')
    expect(lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2, 3])
  })

  it('sends no comment while there is news', async () => {
    const { drive, port } = await openHarness({ settings: { heartbeatMs: 60_000, tickMs: 1 } })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`)
    for (let n = 0; n < 50; n += 1) await job.emit('step', { n })
    await job.finish()
    expect(await client.until(/\r\n0\r\n\r\n$/)).not.toContain('heartbeat')
  })

  it('ends with the message of its dialect, where it has a limit for silence', async () => {
    const idle = { ms: 50, message: { event: 'timeout', body: '{"after":"50 ms"}' } }
    const { drive, port, delivery } = await openHarness({ settings: { heartbeatMs: 20, tickMs: 5 }, sse: { idle } })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`)
    const body = dechunk(await client.until(/\r\n0\r\n\r\n$/))
    expect(body).toMatch(/id: 2\ndata: .*\n\n(: heartbeat\n\n)+event: timeout\ndata: \{"after":"50 ms"\}\n\n$/)
    expect(job.signal.aborted).toBe(false)
    await expect.poll(() => delivery.watchers.size).toBe(0)
  })
})
