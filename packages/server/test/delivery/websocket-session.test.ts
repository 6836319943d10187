import { describe, expect, it } from 'vitest'
import { StoreError } from '@headway/core'
import type { BlobRef } from '@headway/core'
import type { Dialect, SocketProtocol } from '@headway/server'
import { START } from '@headway/server'
import { openHarness } from './support/harness.js'
import { RawClient } from './support/raw-client.js'
import { SocketClient } from './support/socket-client.js'
import { openNative, testProtocol } from './support/sockets.js'

const quick = { heartbeatMs: 40, tickMs: 10 }

describe('a socket', () => {
  it('hears a heartbeat when there is nothing else, and lives as long as it answers pings', async () => {
    const { url, delivery } = await openNative({ settings: quick })
    const client = new SocketClient(`${url}/ws`, ['reader'])
    let pings = 0
    client.ws.on('ping', () => (pings += 1))
    for (let n = 0; n < 5; n += 1) await client.nextOf('heartbeat')
    expect(pings).toBeGreaterThan(2)
    expect(delivery.watchers.size).toBe(1)
  })

  it('that answers no ping is closed with 4408', async () => {
    const { url } = await openNative({ settings: quick })
    const client = new SocketClient(`${url}/ws`, ['reader'], { autoPong: false })
    expect(await client.closed()).toMatchObject({ code: 4408 })
  })

  it('that watches nothing and says nothing is closed with 4408, where its protocol has a limit', async () => {
    const protocol = testProtocol({ idleMs: 60, open: () => ({ message: () => undefined }) })
    const { url } = await openHarness({ settings: quick, protocols: () => [protocol] })
    expect(await new SocketClient(`${url}/test`).closed()).toEqual({ code: 4408, reason: 'idle' })
  })

  it('is closed with 1012 by a drain, and told when to come back', async () => {
    const { url, drive, delivery } = await openNative({ settings: { comebackMs: { min: 70, max: 70 } } })
    const job = await drive()
    const client = new SocketClient(`${url}/ws`, ['reader'])
    client.send({ type: 'attach', jobId: job.id })
    await client.nextOf('event')
    await delivery.watchers.drain(5000)
    expect(await client.closed()).toEqual({ code: 1012, reason: 'retry after 70 ms' })
    expect(job.signal.aborted).toBe(false)
  })

  it('is closed with 1013 when the events can not be read', async () => {
    const { url, drive, errors } = await openNative({
      engine: (engine) => ({
        get: (id) => engine.get(id),
        read: (id, range) => engine.read(id, range),
        request: (id, what) => engine.request(id, what),
        stores: engine.stores,
        // oxlint-disable-next-line require-yield -- it fails before there is anything
        async *follow() {
          await Promise.resolve()
          throw new StoreError('unavailable', 'gone fishing')
        },
      }),
    })
    const job = await drive()
    const client = new SocketClient(`${url}/ws`, ['reader'])
    client.send({ type: 'attach', jobId: job.id })
    expect(await client.closed()).toMatchObject({ code: 1013, reason: expect.stringMatching(/^retry after \d+ ms$/) as string })
    expect(errors).toHaveLength(1)
  })

  it('says the end of a log with its last event, whatever the store is doing then', async () => {
    const { url, drive } = await openNative({
      engine: (engine) => ({
        get: (id) => engine.get(id),
        read: (id, range) => engine.read(id, range),
        request: (id, what) => engine.request(id, what),
        stores: engine.stores,
        async *follow(id, options) {
          for await (const events of engine.follow(id, options)) {
            yield events
            if (events.at(-1)?.type === 'completed') await new Promise((resolve) => options.signal.addEventListener('abort', resolve))
          }
        },
      }),
    })
    const job = await drive()
    const clients = [new SocketClient(`${url}/ws`, ['reader']), new SocketClient(`${url}/ws`, ['reader'])]
    for (const client of clients) client.send({ type: 'attach', jobId: job.id })
    for (const client of clients) await client.nextOf('event')
    await job.finish()
    for (const client of clients) await client.nextOf('end')
  })

  it('lets no job starve another, however much one has to say and however slowly the client reads', async () => {
    const { url, drive } = await openNative()
    const [loud, quiet] = [await drive(), await drive()]
    for (let n = 0; n < 300; n += 1) await loud.emit('bulk', 'x'.repeat(60_000))
    const client = new SocketClient(`${url}/ws`, ['reader'])
    await client.nextOf('welcome')
    client.send({ type: 'attach', jobId: loud.id })
    await client.nextOf('event')
    client.ws.pause()
    client.send({ type: 'attach', jobId: quiet.id, after: 2 })
    for (let n = 0; n < 5; n += 1) await quiet.emit('step', n)
    client.ws.resume()
    let ofLoud = 1
    for (let ofQuiet = 0; ofQuiet < 5;) {
      const { jobId } = await client.nextOf('event')
      if (jobId === quiet.id) ofQuiet += 1
      else ofLoud += 1
    }
    expect(ofLoud).toBeLessThan(300)
    await loud.finish()
    while (ofLoud < 303) {
      const { jobId } = await client.nextOf('event')
      if (jobId === loud.id) ofLoud += 1
    }
    expect(await client.next()).toMatchObject({ type: 'end', jobId: loud.id, seq: 303 })
  })

  it('does not read the messages of a client that does not read the answers', async () => {
    let handled = 0
    const protocol = testProtocol({
      open: (session) => ({
        message: () => {
          handled += 1
          session.send(JSON.stringify({ type: 'answer', text: 'x'.repeat(100_000) }))
        },
      }),
    })
    const { url } = await openHarness({ protocols: () => [protocol] })
    const client = new SocketClient(`${url}/test`)
    await new Promise((resolve) => client.ws.once('open', resolve))
    client.ws.pause()
    const asked = 2000
    for (let n = 0; n < asked; n += 1) client.send({ n })
    // What is handled fills the buffers between the two, and then stays where it is.
    let before = -1
    await expect.poll(() => handled === before || ((before = handled), false), { interval: 200 }).toBe(true)
    expect(handled).toBeLessThan(asked)
    client.ws.resume()
    for (let n = 0; n < asked; n += 1) await client.nextOf('answer')
    expect(handled).toBe(asked)
  })
})

/** Attaches every connection to the job that its path names, in a dialect with large bodies. */
function largeProtocol(harness: () => Awaited<ReturnType<typeof openHarness>>): SocketProtocol {
  const dialect: Pick<Dialect, 'name' | 'encode'> = {
    name: 'large',
    encode(event) {
      const seq = `"type":"${event.type}","seq":${event.seq}`
      return event.type === 'blob'
        ? [{ body: { prefix: `{${seq},"rules":[`, blob: event.data as unknown as BlobRef, suffix: ']}' } }]
        : [{ body: `{${seq}}` }]
    },
  }
  return testProtocol({
    authenticate: async ({ url }) => ({ principal: await harness().engine.get(url.searchParams.get('job') ?? '') }),
    open(session, principal) {
      const job = principal as Awaited<ReturnType<Awaited<ReturnType<typeof openHarness>>['engine']['get']>>
      const attach = (name: string): void => {
        session.attach({
          job,
          cursor: START,
          dialect,
          reset: () => [],
          envelope: ({ body }) => ({
            body:
              typeof body === 'string'
                ? `{"session":"${name}",${body.slice(1)}`
                : { ...body, prefix: `{"session":"${name}",${body.prefix.slice(1)}` },
          }),
        })
      }
      attach('one')
      attach('two')
      return { message: () => session.send('{"type":"pong"}') }
    },
  })
}

describe('a large body on a socket', () => {
  it('is one message in fragments, and nothing of other jobs or of the connection comes between', async () => {
    const harness = await openHarness({ protocols: () => [largeProtocol(() => harness)] })
    const job = await harness.drive()
    const rules = Array.from({ length: 200_000 }, (_, n) => n)
    const blob = await harness.engine.stores.blobs.put(job.id, [Buffer.from(rules.join(','))] as unknown as AsyncIterable<Uint8Array>)
    await job.emit('blob', { ...blob })
    await job.finish()
    const client = new SocketClient(`${harness.url}/test?job=${job.id}`)
    await new Promise((resolve) => client.ws.once('open', resolve))
    client.ws.pause()
    for (let n = 0; n < 20; n += 1) client.send({})
    client.ws.resume()
    const got: Record<string, number[]> = { one: [], two: [] }
    let pongs = 0
    while (pongs < 20 || (got.one?.length ?? 0) + (got.two?.length ?? 0) < 8) {
      const message = await client.next()
      if (message.type === 'pong') {
        pongs += 1
        continue
      }
      got[String(message['session'])]?.push(Number(message['seq']))
      if (message.type === 'blob') expect(message['rules']).toEqual(rules)
    }
    expect(got).toEqual({ one: [1, 2, 3, 4], two: [1, 2, 3, 4] })
  })

  it('that breaks off ends the socket', async () => {
    const harness = await openHarness({ protocols: () => [largeProtocol(() => harness)] })
    const job = await harness.drive()
    await job.emit('blob', { blob: 'nowhere', size: 1, sha256: '' })
    const client = new SocketClient(`${harness.url}/test?job=${job.id}`)
    expect(await client.closed()).toMatchObject({ code: 1013 })
  })
})

describe('a socket whose client breaks the rules of WebSocket', () => {
  it('is closed, and takes nobody with it', async () => {
    const { port, url, delivery } = await openNative()
    const client = await RawClient.open(port)
    client.get('/ws', {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    })
    await client.until(/welcome/)
    client.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))
    await client.end()
    await expect.poll(() => delivery.watchers.size).toBe(0)
    expect(await new SocketClient(`${url}/ws`, ['reader']).next()).toMatchObject({ type: 'welcome' })
  })
})
