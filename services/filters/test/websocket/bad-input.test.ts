import { describe, expect, it } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startServer } from './support/start.js'

const compile = (sessionId: string) => ({ type: 'compile', sessionId, configuration: { name: 'L', sources: [{ source: 'a.txt' }] } })

describe('a message that is wrong', () => {
  /** Nothing is ever compiled there. */
  const shared = onceForTests((atEnd) => startServer({ atEnd }))

  it.each([
    ['no JSON', '{"type":', 'INVALID_MESSAGE', undefined],
    ['no object', '[]', 'INVALID_MESSAGE', undefined],
    ['null', 'null', 'INVALID_MESSAGE', undefined],
    ['no type', '{}', 'INVALID_MESSAGE', undefined],
    ['another type', '{"type":"compute","sessionId":"a"}', 'UNKNOWN_MESSAGE_TYPE', 'a'],
    ['a type of Object', '{"type":"__proto__"}', 'UNKNOWN_MESSAGE_TYPE', undefined],
    ['no session', '{"type":"compile","configuration":{}}', 'INVALID_MESSAGE', undefined],
    ['a session without a name', '{"type":"compile","sessionId":"","configuration":{}}', 'INVALID_MESSAGE', ''],
    ['a session that is a number', '{"type":"cancel","sessionId":7}', 'INVALID_MESSAGE', undefined],
    ['no configuration', '{"type":"compile","sessionId":"a"}', 'INVALID_MESSAGE', 'a'],
    ['texts that are none', '{"type":"compile","sessionId":"a","configuration":{},"preFetchedContent":{"a":1}}', 'INVALID_MESSAGE', 'a'],
    [
      'a cursor that is none',
      '{"type":"attach","sessionId":"a","jobId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","after":-1}',
      'INVALID_MESSAGE',
      'a',
    ],
    ['an id that is none', '{"type":"attach","sessionId":"a","jobId":"../etc"}', 'INVALID_MESSAGE', 'a'],
    ['a cancel of nothing', '{"type":"cancel","sessionId":"a"}', 'SESSION_NOT_FOUND', 'a'],
    ['a pause of nothing', '{"type":"pause","sessionId":"a"}', 'SESSION_NOT_FOUND', 'a'],
    ['a resume of nothing', '{"type":"resume","sessionId":"a"}', 'SESSION_NOT_FOUND', 'a'],
  ])('is answered: %s', async (_what, text, code, sessionId) => {
    const { connect } = shared()
    const client = connect()
    await client.send(text)
    const answer = await client.nextOf('error')
    expect(answer).toMatchObject({ code, error: expect.stringMatching(/.{20}/) })
    expect(answer.sessionId).toBe(sessionId)
    await client.send({ type: 'ping' })
    await client.nextOf('pong')
  })

  it('is answered: bytes', async () => {
    const { connect } = shared()
    const client = connect()
    await client.send(Buffer.from([0, 1, 2]))
    expect(await client.nextOf('error')).toMatchObject({ code: 'INVALID_MESSAGE' })
  })

  it('is answered with MESSAGE_TOO_LARGE over the limit, and closed with 1009 far over it', async () => {
    const { connect } = await startServer({ socket: { maxMessageBytes: 1_000 } })
    const client = connect()
    await client.compile('a', { preFetchedContent: { 'a.txt': 'x'.repeat(1_000) } })
    expect(await client.nextOf('error')).toMatchObject({ code: 'MESSAGE_TOO_LARGE', error: expect.stringContaining('1000 bytes') })
    await client.send(`"${'x'.repeat(100_000)}"`)
    expect(await client.nextOf('error')).toMatchObject({ code: 'MESSAGE_TOO_LARGE' })
    expect(await client.closed).toMatchObject({ code: 1009 })
  })

  it('is answered with what is wrong in a configuration, and where', async () => {
    const { connect } = await startServer()
    const client = connect()
    await client.compile('a', { configuration: { name: 'x', sources: [] } })
    expect(await client.nextOf('error')).toMatchObject({
      code: 'INVALID_MESSAGE',
      sessionId: 'a',
      fields: [{ pointer: '/configuration/sources', message: expect.any(String) }],
    })
    // The name was not taken.
    await client.compile('a')
    await client.nextOf('compile:started')
  })

  it.each([1_000, 400_000])('is answered when %i brackets stand in each other', async (depth) => {
    const { connect } = await startServer()
    const client = connect()
    await client.send(`{"type":"compile","sessionId":"a","configuration":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect(await client.nextOf('error')).toMatchObject({ code: 'INVALID_MESSAGE', error: expect.stringContaining('in each other') })
    await client.send({ type: 'ping' })
    await client.nextOf('pong')
  })

  it('counts as a request before it is parsed, when it is large', async () => {
    // One of them is the upgrade.
    const { connect } = await startServer({ perMinute: 2 })
    const client = connect()
    const text = `{"type":"compile","sessionId":"a","preFetchedContent":{"a":"${'x'.repeat(1_000_000)}"`
    await client.send(text)
    expect(await client.nextOf('error')).toMatchObject({ code: 'INVALID_MESSAGE' })
    await client.send(text)
    expect(await client.nextOf('error')).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' })
  })

  it('counts once when it is large and good', async () => {
    const { connect } = await startServer({ perMinute: 3 })
    const client = connect()
    for (const session of ['a', 'b']) {
      await client.compile(session, { preFetchedContent: { 'a.txt': 'x'.repeat(1_000_000) } })
      await client.nextOf('compile:started')
    }
  })

  it('is answered when it is large: bad JSON, and too much beside the texts', async () => {
    const { connect } = await startServer()
    const client = connect()
    await client.send(`{"type":"compile","preFetchedContent":{"a":"${'x'.repeat(1_000_000)}"`)
    expect(await client.nextOf('error')).toMatchObject({ code: 'INVALID_MESSAGE' })
    await client.compile('a', { configuration: { name: 'x'.repeat(1_500_000) } })
    expect(await client.nextOf('error')).toMatchObject({ code: 'MESSAGE_TOO_LARGE' })
  })

  it('many times in a row closes the connection with 1008', async () => {
    const { connect } = await startServer()
    const client = connect()
    for (let n = 0; n < 20; n += 1) await client.send('nonsense')
    expect(await client.closed).toMatchObject({ code: 1008 })
    expect(client.received.filter(({ type }) => type === 'error')).toHaveLength(10)
  })
})

describe('compilations of one connection', () => {
  it('have different names', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    await client.compile('a')
    await client.nextOf('compile:started')
    await client.compile('a')
    expect(await client.nextOf('error')).toMatchObject({ code: 'DUPLICATE_SESSION', sessionId: 'a' })
    await (await nextRun()).complete(['[]'], 0)
    expect(await client.nextOf('compile:complete')).toMatchObject({ sessionId: 'a' })
  })

  it('are three at a time, attached ones counted; on another connection are three more', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    for (const name of ['a', 'b', 'c']) await client.compile(name)
    const { jobId, token } = await client.firstOf('compile:started', 'a')
    await client.firstOf('compile:started', 'c')
    await client.compile('d')
    expect(await client.nextOf('error')).toMatchObject({ code: 'TOO_MANY_COMPILATIONS', sessionId: 'd' })
    await client.send({ type: 'attach', sessionId: 'd', jobId, token })
    expect(await client.nextOf('error')).toMatchObject({ code: 'TOO_MANY_COMPILATIONS', sessionId: 'd' })
    await connect().compile('d')
    await (await nextRun()).complete(['[]'], 0)
    await client.nextOf('compile:complete')
    await client.compile('d')
    await client.firstOf('compile:started', 'd')
  })

  it('sent all at once are begun in their order, and the fourth is refused', async () => {
    const { connect } = await startServer()
    const client = connect()
    await client.send({ type: 'ping' })
    for (const name of ['a', 'b', 'c', 'd', 'e']) client.ws.send(JSON.stringify(compile(name)))
    expect(await client.nextOf('error')).toMatchObject({ code: 'TOO_MANY_COMPILATIONS', sessionId: 'd' })
    expect(await client.nextOf('error')).toMatchObject({ code: 'TOO_MANY_COMPILATIONS', sessionId: 'e' })
    await expect.poll(() => client.received.filter(({ type }) => type === 'compile:started').length).toBe(3)
  })

  it('that are over when they are cancelled, are not found', async () => {
    const { connect, nextRun, engine } = await startServer()
    const client = connect()
    await client.compile('a')
    const { jobId } = await client.nextOf('compile:started')
    await (await nextRun()).complete(['[]'], 0)
    await engine.finished(jobId, new AbortController().signal)
    await client.send({ type: 'cancel', sessionId: 'a' })
    expect(await client.nextOf('error')).toMatchObject({ code: 'SESSION_NOT_FOUND', sessionId: 'a' })
  })
})

describe('a flood', () => {
  it('of pings is answered while the client reads; others are served meanwhile', async () => {
    const { connect } = await startServer()
    const flooder = connect()
    await flooder.send({ type: 'ping' })
    for (let n = 0; n < 20_000; n += 1) flooder.ws.send('{"type":"ping"}')
    const other = connect()
    await other.compile('a')
    await other.nextOf('compile:started')
    await expect.poll(() => flooder.received.length).toBe(20_002)
  })

  it('of compilations is refused over the limit, with the time to wait', async () => {
    const { connect, url } = await startServer({ perMinute: 3 })
    const client = connect()
    for (const name of ['a', 'b', 'c']) await client.compile(name)
    const refused = await client.nextOf('error')
    expect(refused).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', sessionId: 'c' })
    expect(refused.retryAfterSeconds).toBeGreaterThan(0)
    // What runs goes on, and can be controlled.
    await client.send({ type: 'cancel', sessionId: 'a' })
    await client.nextOf('compile:cancelled')
    const { status, headers, body } = await connect().refused
    expect(status).toBe(429)
    expect(headers).toMatchObject({ 'retry-after': expect.stringMatching(/^\d+$/), 'content-type': 'application/json' })
    expect(JSON.parse(body)).toMatchObject({ success: false, code: 'RATE_LIMIT_EXCEEDED' })
    expect((await fetch(`${url}/websocket-test.html`)).status).toBe(200)
  })
})

describe('access', () => {
  it('by key only: others are closed with 4401', async () => {
    const { connect } = await startServer({ access: 'key' })
    expect(await connect().closed).toMatchObject({ code: 4401, reason: expect.stringContaining('API key') })
    expect(await connect(['another-key']).closed).toMatchObject({ code: 4401 })
  })

  it('by a key that may only read: nothing is compiled', async () => {
    const { connect } = await startServer({ access: 'key' })
    const client = connect(['read-key-for-tests-0123456789'])
    await client.compile('a')
    expect(await client.nextOf('error')).toMatchObject({ code: 'FORBIDDEN', sessionId: 'a' })
  })

  it('by a key that may run: it is echoed', async () => {
    const { connect } = await startServer({ access: 'key' })
    const client = connect(['run-key-for-tests-0123456789'])
    await client.compile('a')
    await client.nextOf('compile:started')
    expect(client.ws.protocol).toBe('run-key-for-tests-0123456789')
  })

  it('from pages of other origins: refused', async () => {
    const { url } = await startServer()
    const headers = { Origin: 'https://elsewhere.example', Upgrade: 'websocket', Connection: 'Upgrade' }
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      const asked = request(`${url}/ws/compile`, {
        headers: { ...headers, 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
      })
      asked.on('response', (answer) => resolve(answer.statusCode))
      asked.end()
    })
    expect(status).toBe(403)
  })
})
