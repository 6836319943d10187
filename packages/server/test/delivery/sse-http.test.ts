import { describe, expect, it } from 'vitest'
import { openHarness } from './support/harness.js'
import { dechunk, RawClient } from './support/raw-client.js'

describe('a stream over SSE, as HTTP', () => {
  it('has the headers that keep it flowing, and is not compressed', async () => {
    const { drive, port } = await openHarness()
    const job = await drive()
    await job.finish()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { 'Accept-Encoding': 'gzip, br', Connection: 'close' })
    const answer = await client.end()
    const head = answer.slice(0, answer.indexOf('\r\n\r\n'))
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(head).toContain('Content-Type: text/event-stream\r\n')
    expect(head).toContain('Cache-Control: no-cache, no-transform\r\n')
    expect(head).toContain('X-Accel-Buffering: no\r\n')
    expect(head).not.toMatch(/content-encoding/i)
  })

  it('says first when to come back, then gives each event its id', async () => {
    const { drive, port, engine } = await openHarness({ settings: { retryMs: 1234 } })
    const job = await drive()
    await job.emit('step', { n: 1 })
    await job.finish()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { Connection: 'close' })
    const { events } = await engine.read(job.id, { after: 0, maxEvents: 10, maxBytes: 10_000 })
    expect(dechunk(await client.end())).toBe(
      `retry: 1234\n\n${events.map((event) => `id: ${event.seq}\ndata: ${event.line}\n\n`).join('')}`,
    )
  })

  it('begins at once, also where there is nothing to say yet', async () => {
    const { drive, port } = await openHarness()
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}?after=2`)
    await client.until(/retry: \d+\n\n/)
    await job.finish()
    await client.until(/"type":"completed"[^\n]*\n\n\r\n0\r\n\r\n$/)
  })

  it('works for HTTP/1.0, without chunks, to the end of the connection', async () => {
    const { drive, port } = await openHarness()
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, {}, { version: '1.0' })
    await client.until(/id: 2\n/)
    await job.finish()
    const answer = await client.end()
    expect(answer).not.toMatch(/transfer-encoding/i)
    expect(answer).toMatch(/\r\n\r\nretry: 2000\n\nid: 1\ndata: .*\n\nid: 2\ndata: .*\n\nid: 3\ndata: .*\n\n$/)
  })

  it('leaves the connection for the next request', async () => {
    const { drive, port } = await openHarness()
    const job = await drive()
    await job.finish()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`)
    const first = await client.until(/\r\n0\r\n\r\n$/)
    client.get(`/sse/${job.id}?after=2`)
    await client.until(/0\r\n\r\nHTTP\/1\.1 200 OK[^]*\r\n0\r\n\r\n$/)
    expect(dechunk(client.text.slice(first.length))).toMatch(/^retry: 2000\n\nid: 3\n/)
  })

  it('answers requests that come before the first is answered in their order', async () => {
    const { drive, port } = await openHarness()
    const [slow, fast] = [await drive(), await drive()]
    await fast.finish()
    const client = await RawClient.open(port)
    client.get(`/sse/${slow.id}`)
    client.get(`/sse/${fast.id}`, { Connection: 'close' })
    await client.until(/id: 2\n/)
    await slow.emit('step', { of: 'the first' })
    await slow.finish()
    const answer = await client.end()
    const second = answer.lastIndexOf('HTTP/1.1 200 OK')
    expect(dechunk(answer.slice(0, second)).match(/^id: .*$/gm)).toEqual(['id: 1', 'id: 2', 'id: 3', 'id: 4'])
    expect(dechunk(answer.slice(second)).match(/^id: .*$/gm)).toEqual(['id: 1', 'id: 2', 'id: 3'])
  })

  it('answers HEAD with the headers only', async () => {
    const { drive, port, delivery } = await openHarness()
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { Connection: 'close' }, { method: 'HEAD' })
    expect(await client.end()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream[^]*\r\n\r\n$/)
    expect(delivery.watchers.size).toBe(0)
  })

  it('holds nothing of a watcher that is gone', async () => {
    const { drive, port, delivery, engine } = await openHarness()
    const job = await drive()
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(port)))
    for (const client of clients) client.get(`/sse/${job.id}`)
    for (const client of clients) await client.until(/id: 2\n/)
    expect(delivery.watchers.counts()).toEqual({ sse: 20, ndjson: 0, websocket: 0, poll: 0 })
    for (const client of clients) client.socket.destroy()
    await expect.poll(() => delivery.watchers.size).toBe(0)
    await expect.poll(async () => (await engine.figures()).watchers).toBe(0)
    expect(job.signal.aborted).toBe(false)
  })
})
