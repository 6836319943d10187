import type { Resolve } from '@headway/filters/download'
import { expect, test } from 'vitest'
import { downloader, LIST, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

/** Gives one answer after the other, and the last one for ever. */
function resolver(...answers: readonly string[][]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    resolve: (hostname) => {
      const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? []
      asked.push(hostname)
      return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
    },
  }
}

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.0.0.1/',
  'http://2130706433/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://169.254.169.254/latest/meta-data/',
  'https://192.168.0.1/',
  'HTTP://localhost/',
])('%s is blocked', async (source) => {
  const { code, events } = await watch(downloader({ allowAddresses: [] }), source)
  expect(code).toBe('BLOCKED_ADDRESS')
  expect(events).toEqual([])
})

test('a name is blocked when one of its addresses is, and nothing is connected to', async () => {
  const server = await serve((_request, response) => response.end(LIST))
  const { resolve } = resolver(['127.0.0.1', '10.0.0.1'])
  const { code, error, events } = await watch(downloader({ resolve }), `http://lists.test:${String(server.port)}/a.txt`)
  expect(code).toBe('BLOCKED_ADDRESS')
  expect(error?.message).toContain('"lists.test"')
  expect(error?.message).not.toContain('10.0.0.1')
  expect(server.requests).toHaveLength(0)
  expect(events).toEqual([])
})

test('the connection goes to the address that was checked: a name is resolved once for it', async () => {
  const server = await serve((_request, response) => response.end(LIST))
  const { resolve, asked } = resolver(['127.0.0.1'], ['10.0.0.1'])
  const { text } = await watch(downloader({ resolve }), `http://lists.test:${String(server.port)}/a.txt`)
  expect(text).toBe(LIST)
  expect(asked).toEqual(['lists.test'])
  expect(server.requests[0]?.headers.host).toBe(`lists.test:${String(server.port)}`)
})

test('a name that leads elsewhere the next time is checked again', async () => {
  const inner = await serve((_request, response) => response.end('secret'), '127.0.0.2')
  const server = await serve((_request, response) => response.setHeader('connection', 'close').end(LIST))
  const { resolve } = resolver(['127.0.0.1'], ['127.0.0.2'])
  const from = downloader({ resolve })
  expect((await watch(from, `http://lists.test:${String(server.port)}/a.txt`)).text).toBe(LIST)
  expect((await watch(from, `http://lists.test:${String(inner.port)}/a.txt`)).code).toBe('BLOCKED_ADDRESS')
  expect(inner.requests).toHaveLength(0)
})

test.each(['http://127.0.0.2:PORT/', 'http://inner.test:PORT/', '//127.0.0.2:PORT/x', 'http://[::ffff:127.0.0.2]:PORT/'])(
  'a redirect to %s is blocked',
  async (location) => {
    const inner = await serve((_request, response) => response.end('secret'), '127.0.0.2')
    const server = await serve((_request, response) => {
      response.writeHead(302, { location: location.replace('PORT', String(inner.port)) }).end()
    })
    const { resolve } = resolver(['127.0.0.2'])
    const { code } = await watch(downloader({ resolve }), `${server.url}/a.txt`)
    expect(code).toBe('BLOCKED_ADDRESS')
    expect(inner.requests).toHaveLength(0)
  },
)

test.each(['file:///etc/passwd', 'ftp://example.org/a.txt', 'data:text/plain,a', 'gopher://127.0.0.1/', 'JavaScript:alert(1)'])(
  '%s is refused for its scheme',
  async (source) => {
    const folder = '/'
    expect((await watch(downloader({ localFolder: folder }), source)).code).toBe('UNSUPPORTED_SCHEME')
  },
)

test('a redirect to another scheme is refused', async () => {
  const server = await serve((_request, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end())
  expect((await watch(downloader(), server.url)).code).toBe('UNSUPPORTED_SCHEME')
})

test.each(['http://', 'http://exa mple.org/', `http://example.org/${'a'.repeat(9000)}`])(
  'a URL that is none or too long is refused: %#',
  async (source) => {
    expect((await watch(downloader(), source)).code).toBe('INVALID_URL')
  },
)
