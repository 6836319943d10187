import { describe, expect, it } from 'vitest'
import { HistoryGoneError, StoreError } from '@headway/core'
import type { BlobRef, Engine, LogEvent } from '@headway/core'
import type { Dialect, DeliveryEngine } from '@headway/server'
import { openHarness } from './support/harness.js'
import { dechunk, RawClient } from './support/raw-client.js'

/** An engine whose logs can't be read while `trouble` is an error. */
function troubled(trouble: { error?: Error }): (engine: Engine) => DeliveryEngine {
  return (engine) => ({
    get: (id) => engine.get(id),
    read: (id, range) => engine.read(id, range),
    request: (id, what, why) => engine.request(id, what, why),
    stores: engine.stores,
    async *follow(id, options): AsyncGenerator<readonly LogEvent[], void, void> {
      for await (const events of engine.follow(id, options)) {
        if (trouble.error !== undefined) throw trouble.error
        yield events
      }
    },
  })
}

describe('a stream that can not go on', () => {
  it('ends between two events and says when to come back, and the client misses nothing', async () => {
    const trouble: { error?: Error } = {}
    const settings = { comebackMs: { min: 1111, max: 1111 } }
    const { drive, url, port, errors } = await openHarness({ settings, engine: troubled(trouble) })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { Connection: 'close' })
    await client.until(/id: 2\n/)
    trouble.error = new StoreError('unavailable', 'gone fishing')
    await job.emit('step', null)
    expect(dechunk(await client.end())).toMatch(/^retry: 2000\n\nid: 1\n.*\n\nid: 2\n.*\n\nretry: 1111\n\n$/)
    expect(errors).toEqual([trouble.error])
    delete trouble.error
    await job.finish()
    const again = await fetch(`${url}/sse/${job.id}`, { headers: { 'Last-Event-ID': '2' } })
    expect(await again.text()).toMatch(/^retry: 2000\n\nid: 3\n.*\n\nid: 4\n.*\n\n$/)
  })

  it('does not say more than one reset where history is lost again and again', async () => {
    const { drive, port, errors } = await openHarness({
      engine: (engine) => ({
        ...troubled({})(engine),
        // oxlint-disable-next-line require-yield -- it fails before there is anything
        async *follow(): AsyncGenerator<readonly LogEvent[], void, void> {
          await Promise.resolve()
          throw new HistoryGoneError('ahead', 0, 1)
        },
      }),
    })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { Connection: 'close' })
    const body = dechunk(await client.end())
    expect(body).toMatch(/^retry: 2000\n\ndata: \{"type":"reset","reason":"ahead","after":0,"head":1\}\n\nretry: \d+\n\n$/)
    expect(errors).toHaveLength(1)
  })

  it('says that a job was pruned under a slow reader, and ends', async () => {
    const { drive, engine, delivery, port } = await openHarness()
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { Connection: 'close' })
    await client.until(/id: 2\n/)
    client.socket.pause()
    for (let n = 0; n < 300; n += 1) await job.emit('bulk', 'x'.repeat(60_000))
    await job.finish()
    await engine.stores.jobs.sweep({ limit: 10, retention: { default: { maxFinished: 0 } }, watched: [], watchedGraceMs: 0 })
    client.socket.resume()
    const answer = dechunk(await client.end())
    const ids = [...answer.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
    expect(ids).toEqual(ids.map((_, index) => index + 1))
    expect(ids.length).toBeLessThan(303)
    expect(answer).toMatch(/\n\ndata: \{"type":"reset","reason":"pruned","after":0,"head":0\}\n\n$/)
    expect(delivery.watchers.size).toBe(0)
  })
})

describe('too many watchers', () => {
  it('are told over SSE to come back, with a status that an EventSource survives', async () => {
    const { drive, port, url, delivery } = await openHarness({ settings: { maxWatchers: 1, comebackMs: { min: 3000, max: 4000 } } })
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`)
    await client.until(/id: 2\n/)
    const refused = await fetch(`${url}/sse/${job.id}`, { headers: { 'Last-Event-ID': '2' } })
    expect([refused.status, refused.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await refused.text()).toMatch(/^retry: (3\d{3}|4000)\n\n$/)
    const ndjson = await fetch(`${url}/ndjson/${job.id}`)
    expect(await ndjson.text()).toBe('OVERLOADED')
    client.socket.destroy()
    await expect.poll(() => delivery.watchers.size).toBe(0)
    const admitted = await fetch(`${url}/ndjson/${job.id}`)
    expect(admitted.status).toBe(200)
    await admitted.body?.cancel()
  })
})

describe('a drain', () => {
  it('ends all streams between two events, each told another time to come back', async () => {
    const { drive, port, delivery, url } = await openHarness({ settings: { comebackMs: { min: 1000, max: 9_000_000 } } })
    const job = await drive()
    const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.open(port)))
    for (const client of clients) client.get(`/sse/${job.id}`, { Connection: 'close' })
    for (const client of clients) await client.until(/id: 2\n/)
    await delivery.watchers.drain(5_000)
    const ends = await Promise.all(clients.map(async (client) => /\n\nretry: (\d+)\n\n$/.exec(dechunk(await client.end()))?.[1]))
    expect(ends).not.toContain(undefined)
    expect(new Set(ends).size).toBeGreaterThan(1)
    expect(job.signal.aborted).toBe(false)
    expect(await (await fetch(`${url}/sse/${job.id}`)).text()).toMatch(/^retry: \d+\n\n$/)
    expect(await (await fetch(`${url}/ndjson/${job.id}`)).text()).toBe('SHUTTING_DOWN')
  })

  it('cuts off who does not take the last bytes', async () => {
    const { drive, port, delivery } = await openHarness()
    const job = await drive()
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`)
    await client.until(/id: 2\n/)
    client.socket.pause()
    for (let n = 0; n < 300; n += 1) await job.emit('bulk', 'x'.repeat(60_000))
    await delivery.watchers.drain(100)
    expect(delivery.watchers.size).toBe(0)
  })

  it('lets a large message come to its end', async () => {
    let letGo: (() => void) | undefined
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const dialect: Dialect = {
      name: 'large',
      encode: (event) => (event.type === 'blob' ? [{ body: { prefix: '[', blob: event.data as unknown as BlobRef, suffix: ']' } }] : []),
      reset: () => [],
    }
    const { drive, port, delivery } = await openHarness({
      sse: { dialect },
      engine: (engine) => ({
        ...troubled({})(engine),
        stores: {
          jobs: engine.stores.jobs,
          blobs: {
            async *read() {
              yield Buffer.from('1,')
              await held
              yield Buffer.from('2')
            },
          },
        },
      }),
    })
    const job = await drive()
    await job.emit('blob', {})
    const client = await RawClient.open(port)
    client.get(`/sse/${job.id}`, { Connection: 'close' })
    await client.until(/1,/)
    const drained = delivery.watchers.drain(10_000)
    letGo?.()
    await drained
    expect(dechunk(await client.end())).toMatch(/^retry: 2000\n\nid: 3\ndata: \[1,2\]\n\nretry: \d+\n\n$/)
  })
})
