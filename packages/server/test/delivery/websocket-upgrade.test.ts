import { describe, expect, it } from 'vitest'
import { HeadwayError } from '@headway/core'
import type { ErrorCode } from '@headway/protocol'
import { openHarness } from './support/harness.js'
import { RawClient } from './support/raw-client.js'
import { SocketClient } from './support/socket-client.js'
import { openNative, testProtocol } from './support/sockets.js'

const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

function refuseWith(code: ErrorCode): () => Promise<never> {
  return async () => {
    await Promise.resolve()
    throw new HeadwayError(code, 'No.')
  }
}

describe('an upgrade', () => {
  it('echoes the token that came as the first subprotocol, and does not compress', async () => {
    const { port } = await openNative()
    const client = await RawClient.open(port)
    client.get('/ws', { ...UPGRADE, 'Sec-WebSocket-Protocol': 'reader, other', 'Sec-WebSocket-Extensions': 'permessage-deflate' })
    const answer = await client.until(/\r\n\r\n/)
    expect(answer).toMatch(/^HTTP\/1\.1 101 /)
    expect(answer).toContain('Sec-WebSocket-Protocol: reader\r\n')
    expect(answer).not.toMatch(/sec-websocket-extensions/i)
  })

  it('accepts a bad token, echoes it and closes with 4401: a browser could see nothing else', async () => {
    const { url, delivery } = await openNative()
    const client = new SocketClient(`${url}/ws`, ['wrong.token'])
    expect(await client.closed()).toEqual({ code: 4401, reason: 'The token is not valid.' })
    expect(client.ws.protocol).toBe('wrong.token')
    await expect.poll(() => delivery.watchers.size).toBe(0)
  })

  it.each([
    ['UNAUTHORIZED', 4401],
    ['TOKEN_EXPIRED', 4401],
    ['FORBIDDEN', 4403],
    ['JOB_NOT_FOUND', 1008],
    ['RATE_LIMIT_EXCEEDED', 1013],
    ['STORE_UNAVAILABLE', 1013],
  ] as const)('closes after the error %s with %i', async (error, code) => {
    const protocol = testProtocol({ authenticate: refuseWith(error) })
    const { url } = await openHarness({ protocols: () => [protocol] })
    expect(await new SocketClient(`${url}/test`).closed()).toMatchObject({ code })
  })

  it('needs a page of this server or of an allowed one; whoever is no browser has no Origin', async () => {
    const { port, url } = await openNative({ sockets: { allowedOrigins: ['https://friend.example'] } })
    const status = async (origin: string | undefined): Promise<string | undefined> => {
      const client = await RawClient.open(port)
      client.get('/ws', { ...UPGRADE, Host: new URL(url).host, ...(origin === undefined ? {} : { Origin: origin }) })
      return / (\d+) /.exec(await client.until(/\r\n\r\n/))?.[1]
    }
    expect(await status(undefined)).toBe('101')
    expect(await status(url)).toBe('101')
    expect(await status('https://friend.example')).toBe('101')
    expect(await status('https://enemy.example')).toBe('403')
    expect(await status('null')).toBe('403')
    const open = await openNative({ sockets: { allowedOrigins: ['*'] } })
    expect((await new SocketClient(`${open.url}/ws`, [], { origin: 'null' }).next()).type).toBe('welcome')
  })

  it('is refused with a problem document where no protocol listens', async () => {
    const { port } = await openNative()
    for (const path of ['/nothing', '//evil/ws', '/ws/']) {
      const client = await RawClient.open(port)
      client.get(path, UPGRADE)
      const answer = await client.end()
      expect(answer, path).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/)
      expect(answer).toContain('"code":"NOT_FOUND"')
    }
  })

  it('that is no handshake is refused with a problem document that says why', async () => {
    const { port } = await openNative()
    const answerTo = async (headers: Readonly<Record<string, string>>, method = 'GET'): Promise<string> => {
      const client = await RawClient.open(port)
      client.get('/ws', headers, { method })
      return client.end()
    }
    const { 'Sec-WebSocket-Key': _key, ...keyless } = UPGRADE
    expect(await answerTo(keyless)).toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json[^]*"code":"BAD_REQUEST"[^]*Sec-WebSocket-Key/)
    expect(await answerTo({ ...UPGRADE, 'Sec-WebSocket-Version': '12' })).toMatch(
      /^HTTP\/1\.1 426 Upgrade Required\r\n[^]*Sec-WebSocket-Version: 13\r\n[^]*"code":"UPGRADE_REQUIRED"/,
    )
    expect(await answerTo(UPGRADE, 'POST')).toMatch(/^HTTP\/1\.1 405 [^]*Allow: GET\r\n[^]*"code":"METHOD_NOT_ALLOWED"/)
  })

  it('is refused with the answer of whoever counts upgrades', async () => {
    const { port } = await openHarness({
      protocols: () => [
        testProtocol({ refuse: () => Promise.resolve({ status: 429, headers: { 'Retry-After': '60' }, body: 'slowly' }) }),
        testProtocol({
          path: '/throws',
          refuse: () => Promise.reject(new HeadwayError('RATE_LIMIT_EXCEEDED', 'No.', { retryAfterSeconds: 7 })),
        }),
      ],
    })
    const first = await RawClient.open(port)
    first.get('/test', UPGRADE)
    expect(await first.end()).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\nRetry-After: 60\r\n[^]*\r\n\r\nslowly$/)
    const second = await RawClient.open(port)
    second.get('/throws', UPGRADE)
    expect(await second.end()).toMatch(/^HTTP\/1\.1 429 [^]*Retry-After: 7\r\n[^]*"code":"RATE_LIMIT_EXCEEDED"/)
  })

  it('over the limit is accepted and told to come later', async () => {
    const { url } = await openNative({ settings: { maxWatchers: 1, comebackMs: { min: 50, max: 50 } } })
    const first = new SocketClient(`${url}/ws`)
    await first.next()
    expect(await new SocketClient(`${url}/ws`).closed()).toEqual({ code: 1013, reason: 'retry after 50 ms' })
  })

  it('keeps messages that come before it is known who it is', async () => {
    let admit: (() => void) | undefined
    const known = new Promise<void>((resolve) => {
      admit = resolve
    })
    const protocol = testProtocol({
      authenticate: async () => {
        await known
        return { principal: undefined }
      },
      open: (session) => ({ message: (message) => session.send(JSON.stringify({ type: 'echo', message })) }),
    })
    const { url } = await openHarness({ protocols: () => [protocol] })
    const client = new SocketClient(`${url}/test`)
    client.send({ n: 1 })
    client.send({ n: 2 })
    client.ws.once('open', () => setImmediate(() => admit?.()))
    expect([await client.next(), await client.next()]).toEqual([1, 2].map((n) => ({ type: 'echo', message: { n } })))
  })
})
