import { afterEach, describe, expect, it } from 'vitest'
import { createServer } from '@headway/server'
import { createdJob, problemOf } from './support/answers.js'
import { rawBytes, rawRequest } from './support/raw.js'
import { RUN_KEY, startServer } from './support/start.js'
import type { TestServer, TestServerOptions } from './support/start.js'

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

let server: TestServer | undefined
async function start(options: TestServerOptions = {}): Promise<TestServer> {
  server = await startServer(options)
  return server
}
afterEach(async () => {
  await server?.stop()
  server = undefined
})

describe('the list of addresses', () => {
  const statusFrom = (ip: string) => server?.ask('/jobs', { headers: { 'x-forwarded-for': ip } }).then(({ status }) => status)

  it('lets in what is on it', async () => {
    await start({ ipAllow: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'], trustProxy: ['127.0.0.1'] })
    for (const ip of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::5', '192.0.2.7']) expect(await statusFrom(ip)).toBe(200)
    for (const ip of ['11.1.2.3', '192.0.2.8', '2001:db9::5', '::ffff:11.1.2.3']) expect(await statusFrom(ip)).toBe(403)
  })

  it('stands before everything', async () => {
    const { ask, url } = await start({ ipAllow: ['192.0.2.1'] })
    const answer = await ask('/health')
    expect(await problemOf(answer)).toMatchObject({ code: 'IP_NOT_ALLOWED', status: 403 })
    const upgrade = await rawRequest(`${url}/ws`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    })
    expect(upgrade.status).toBe(403)
    expect(JSON.parse(upgrade.body)).toMatchObject({ code: 'IP_NOT_ALLOWED' })
  })

  it('believes forwarded addresses only of trusted proxies, from right to left', async () => {
    await start({ ipAllow: ['203.0.113.9'], trustProxy: ['127.0.0.1', '10.0.0.0/8'] })
    expect(await statusFrom('203.0.113.9, 10.0.0.5')).toBe(200)
    expect(await statusFrom('203.0.113.9, 198.51.100.1')).toBe(403)
    expect(await statusFrom('203.0.113.9, nonsense, 10.0.0.5')).toBe(403)
    await server?.stop()
    await start({ ipAllow: ['203.0.113.9'] })
    expect(await statusFrom('203.0.113.9')).toBe(403)
  })

  it('must make sense', async () => {
    const { engine } = await start()
    for (const entry of ['10.0.0.0/33', 'localhost', '10.0.0', '::/-1', '1']) {
      expect(() => createServer({ engine, version: '0', ipAllow: [entry] })).toThrow(`"${entry}"`)
    }
    expect(() => createServer({ engine, version: '0', corsOrigins: ['https://a.example/path'] })).toThrow('not an origin')
    expect(() => createServer({ engine, version: '0', apiKeys: [{ name: 'a', roles: ['run'], sha256: 'abc' }] })).toThrow('SHA-256')
  })
})

describe('absolute URLs', () => {
  it('are as the client reached the server', async () => {
    const { url } = await start()
    const port = new URL(url).port
    const headers = { 'x-api-key': RUN_KEY, host: `headway.test:${port}`, 'x-forwarded-proto': 'https' }
    const answer = await rawRequest(`${url}/jobs/count?priority=1`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      chunks: ['{"to":0}'],
    })
    expect(JSON.parse(answer.body).eventsUrl).toMatch(new RegExp(`^http://headway\\.test:${port}/jobs/.*/events$`))
  })

  it('are as the proxy says, where it is trusted', async () => {
    const { ask } = await start({ trustProxy: ['loopback'] })
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'jobs.example' }
    const { eventsUrl } = await createdJob(await ask('/jobs/count', { json: { to: 0 }, headers }))
    expect(eventsUrl).toMatch(/^https:\/\/jobs\.example\/jobs\//)
  })

  it('are below the public URL, where one is set', async () => {
    const { ask } = await start({ publicUrl: 'https://example.org/headway/' })
    const answer = await ask('/jobs/count', { json: { to: 0 } })
    expect(answer.headers.get('location')).toMatch(/^https:\/\/example\.org\/headway\/jobs\//)
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    fetch(`${server?.url}/jobs/count`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
    })

  it('may use the API where their origin is listed', async () => {
    const { ask } = await start({ corsOrigins: ['https://app.example', 'null'] })
    for (const origin of ['https://app.example', 'null']) {
      const allowed = await preflight(origin)
      expect(allowed.status).toBe(204)
      expect(allowed.headers.get('access-control-allow-origin')).toBe(origin)
      expect(allowed.headers.get('access-control-allow-headers')).toContain('X-API-Key')
      expect(allowed.headers.get('vary')).toContain('Origin')
      const { job } = await createdJob(await ask('/jobs/count', { json: { to: 0 }, headers: { origin } }))
      // Streams are written past the framework: they must say it, too.
      const stream = await ask(`/jobs/${job.id}/events`, { headers: { origin, accept: 'text/event-stream' } })
      expect(stream.headers.get('access-control-allow-origin')).toBe(origin)
      expect(stream.headers.get('access-control-expose-headers')).toContain('RateLimit')
      await stream.text()
    }
    for (const origin of ['https://app.example.evil.test', 'http://app.example', 'https://other.example']) {
      expect((await preflight(origin)).headers.has('access-control-allow-origin')).toBe(false)
    }
  })

  it('may open a socket where their origin is listed, however it is written', async () => {
    const { url } = await start({ corsOrigins: ['https://app.example/'] })
    const statusFor = async (origin: string): Promise<string | undefined> => {
      const answer = await rawBytes(url, `GET /ws HTTP/1.1\r\nHost: a\r\nOrigin: ${origin}\r\n${UPGRADE}\r\n`, 'HTTP/1.1 101')
      return / (\d+) /.exec(answer)?.[1]
    }
    expect((await preflight('https://app.example')).status).toBe(204)
    expect(await statusFor('https://app.example')).toBe('101')
    expect(await statusFor('https://other.example')).toBe('403')
  })

  it('may read errors', async () => {
    const { ask } = await start({ corsOrigins: ['*'] })
    const answer = await ask('/nothing', { headers: { origin: 'https://anywhere.example' } })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://anywhere.example')
  })

  it('may not, by default', async () => {
    await start()
    const refused = await preflight('https://app.example')
    expect(refused.headers.has('access-control-allow-origin')).toBe(false)
  })
})

describe('a client that offers HTTP/2', () => {
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n'

  it('is answered in HTTP/1.1', async () => {
    const { url } = await start()
    const answer = rawBytes(
      url,
      `GET /health/live HTTP/1.1\r\nHost: a\r\n${offer}\r\nGET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    )
    expect((await answer).match(/HTTP\/1\.1 200 OK\r\n/g)).toHaveLength(2)
  })

  it('can send a body', async () => {
    const { url } = await start()
    const head = `POST /jobs/count HTTP/1.1\r\nHost: a\r\nX-API-Key: ${RUN_KEY}\r\nContent-Type: application/json\r\nContent-Length: 8\r\n`
    expect(await rawBytes(url, `${head}${offer}\r\n{"to":0}`, 'HTTP/1.1 201')).toContain('"type":"count"')
  })

  it('may open a WebSocket at no other path', async () => {
    const { url } = await start()
    expect(await rawBytes(url, `GET /nothing HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`)).toMatch(
      /^HTTP\/1\.1 404 [^]*"type":"\/problems\/NOT_FOUND"/,
    )
  })
})

describe('every answer', () => {
  it('has the headers that keep browsers from harm', async () => {
    const { ask } = await start()
    for (const path of ['/jobs', '/nothing', '/health', '/']) {
      const { headers } = await ask(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  it('has the id of its request, where that is sane', async () => {
    const { ask } = await start()
    const idOf = async (id: string) => (await ask('/health', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await idOf('trace-4711')).toBe('trace-4711')
    expect(await idOf('a b"c')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await idOf('x'.repeat(300))).toMatch(/^[0-9a-f-]{36}$/)
  })
})
