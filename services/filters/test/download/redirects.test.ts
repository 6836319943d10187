import { expect, test } from 'vitest'
import { dataOf, downloader, LIST, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

test('redirects are followed to the end, each said in events; includes are relative to where they end', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/a') response.writeHead(301, { location: '/deep/b?key=secret' }).end('moved')
    else if (request.url?.startsWith('/deep/b') === true) response.writeHead(307, { location: 'c.txt?key=secret#part' }).end()
    else response.end(LIST)
  })
  const { text, loaded, events } = await watch(downloader(), `${server.url}/a`)
  expect(text).toBe(LIST)
  expect(loaded?.finalUrl).toBe(`${server.url}/deep/c.txt`)
  expect(dataOf(events, 'network').map(({ method, url, statusCode }) => [method, url, statusCode])).toEqual([
    ['GET', `${server.url}/a`, 301],
    ['GET', `${server.url}/deep/b?key=***`, 307],
    ['GET', `${server.url}/deep/c.txt?key=***`, 200],
  ])
})

test('a redirect that never ends is stopped', async () => {
  const server = await serve((request, response) => {
    response.writeHead(302, { location: `/${String(Number(request.url?.slice(1)) + 1)}` }).end()
  })
  const { code, error } = await watch(downloader({ maxRedirects: 3, retries: 2 }), `${server.url}/1`)
  expect(code).toBe('TOO_MANY_REDIRECTS')
  expect(error?.message).toContain('more than 3 times')
  expect(server.requests.map(({ url }) => url)).toEqual(['/1', '/2', '/3', '/4'])
})

test('credentials go to the origin that they are for, and to no other', async () => {
  const other = await serve((_request, response) => response.end(LIST))
  const server = await serve((request, response) => {
    response.writeHead(302, { location: request.url === '/a' ? '/b' : `${other.url}/c` }).end()
  })
  const source = `${server.url.replace('http://', 'http://me:p%40ss@')}/a`
  const { text, loaded } = await watch(downloader(), source)
  expect(text).toBe(LIST)
  const expected = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([expected, expected])
  expect(other.requests[0]?.headers.authorization).toBeUndefined()
  expect(loaded?.finalUrl).toBe(`${other.url}/c`)
})

test('includes of a source with credentials need the same', async () => {
  const server = await serve((_request, response) => response.end(LIST))
  const source = `${server.url.replace('http://', 'http://me:pass@')}/lists/a.txt?x=1`
  const { loaded } = await watch(downloader(), source)
  expect(loaded?.finalUrl).toBe(`${server.url.replace('http://', 'http://me:pass@')}/lists/a.txt`)
})

test.each([
  ['no URL', 'http://[', 'SOURCE_BAD_ANSWER'],
  ['nothing', undefined, 'SOURCE_HTTP_STATUS'],
])('a redirect to %s is an error', async (_name, location, expected) => {
  const server = await serve((_request, response) => {
    response.writeHead(302, location === undefined ? {} : { location }).end()
  })
  expect((await watch(downloader(), server.url)).code).toBe(expected)
})
