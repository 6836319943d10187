import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheSteps, dataOf, downloader, LIST, temporaryFolder, watch } from './support/downloads.js'
import { serve, type SourceServer } from './support/source-server.js'

/** Answers as a server with an ETag does. */
async function serveVersions(headers: Record<string, string> = {}) {
  const state = { list: LIST, etag: '"1"' }
  const server: SourceServer = await serve((request, response) => {
    const known = request.headers['if-none-match'] === state.etag
    response.writeHead(known ? 304 : 200, { etag: state.etag, ...headers }).end(known ? undefined : state.list)
  })
  return { server, state }
}

async function contents(folder: string): Promise<string[]> {
  return filesOf(folder, '.content')
}

async function filesOf(folder: string, end: string): Promise<string[]> {
  const files = await readdir(join(folder, 'sources'))
  return files.filter((file) => file.endsWith(end)).map((file) => join(folder, 'sources', file))
}

test('what has not changed comes from the cache after the server was asked', async () => {
  const { server, state } = await serveVersions()
  const from = downloader({ folder: await temporaryFolder() })
  const first = await watch(from, server.url)
  expect(first.events.map(({ type }) => type)).toEqual(['cache', 'network', 'metric', 'cache'])
  expect(cacheSteps(first.events)).toEqual(['miss', 'write'])

  const second = await watch(from, server.url)
  expect(second.text).toBe(LIST)
  expect(dataOf(second.events, 'network')).toMatchObject([{ statusCode: 304, responseSize: 0 }])
  expect(dataOf(second.events, 'cache')).toEqual([
    { eventId: expect.any(String), category: 'cache', operation: 'hit', key: expect.stringMatching(/^[\da-f]{64}$/), size: LIST.length },
  ])
  expect(second.loaded).toEqual(first.loaded)

  Object.assign(state, { list: '||new.example^\n', etag: '"2"' })
  const third = await watch(from, server.url)
  expect(third.text).toBe('||new.example^\n')
  expect(cacheSteps(third.events)).toEqual(['miss', 'write'])
})

test('Last-Modified serves where there is no ETag', async () => {
  const modified = 'Sat, 21 Nov 2026 10:00:00 GMT'
  const server = await serve((request, response) => {
    const known = request.headers['if-modified-since'] === modified
    response.writeHead(known ? 304 : 200, { 'last-modified': modified }).end(known ? undefined : LIST)
  })
  const from = downloader({ folder: await temporaryFolder() })
  await watch(from, server.url)
  expect(cacheSteps((await watch(from, server.url)).events)).toEqual(['hit'])
  expect(server.requests).toHaveLength(2)
})

test('the cache lasts: another downloader on the same folder has it', async () => {
  const { server } = await serveVersions({ 'cache-control': 'max-age=600' })
  const folder = await temporaryFolder()
  const one = downloader({ folder })
  await watch(one, server.url)
  await one.close()
  const { text, events, loaded } = await watch(downloader({ folder }), server.url)
  expect(text).toBe(LIST)
  expect(loaded?.finalUrl).toBe(`${server.url}/`)
  expect(events.map(({ type }) => type)).toEqual(['cache'])
})

test.each([
  ['max-age=600', 600_000],
  ['max-age=600, must-revalidate', 600_000],
  ['max-age=31536000', 86_400_000],
  ['no-cache', 0],
  ['public', 0],
])('with %s a copy is used unasked for %d ms', async (cacheControl, freshMs) => {
  let now = Date.now()
  const { server } = await serveVersions({ 'cache-control': cacheControl })
  const from = downloader({ folder: await temporaryFolder(), now: () => now })
  await watch(from, server.url)
  now += Math.max(0, freshMs - 5000)
  await watch(from, server.url)
  expect(server.requests).toHaveLength(freshMs === 0 ? 2 : 1)
  now += 10_000
  await watch(from, server.url)
  expect(server.requests).toHaveLength(freshMs === 0 ? 3 : 2)
})

test('what must not be stored is not', async () => {
  const { server } = await serveVersions({ 'cache-control': 'no-store' })
  const folder = await temporaryFolder()
  const from = downloader({ folder })
  expect(cacheSteps((await watch(from, server.url)).events)).toEqual(['miss'])
  expect(cacheSteps((await watch(from, server.url)).events)).toEqual(['miss'])
  expect(await contents(folder)).toEqual([])
})

test('a redirect for this once is asked again, one for good is not', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/list') response.writeHead(200, { 'cache-control': 'max-age=600' }).end(LIST)
    else response.writeHead(request.url === '/once' ? 302 : 301, { location: '/list' }).end()
  })
  const from = downloader({ folder: await temporaryFolder() })
  for (const path of ['once', 'once', 'good', 'good']) await watch(from, `${server.url}/${path}`)
  expect(server.requests.map(({ url }) => url)).toEqual(['/once', '/list', '/once', '/list', '/good', '/list'])
})

test('the least recently used goes when the cache is full, and this is said', async () => {
  const server = await serve((_request, response) => response.writeHead(200, { 'cache-control': 'max-age=600' }).end('!'.repeat(400)))
  const folder = await temporaryFolder()
  // Room for two, each of which takes a block of the disk for its content and one for what is known of it.
  const from = downloader({ folder, maxCacheBytes: 4 * 4096 })
  const keyOfB = dataOf((await watch(from, `${server.url}/b`)).events, 'cache')[0]?.key
  await watch(from, `${server.url}/a`)
  const c = await watch(from, `${server.url}/a`).then(() => watch(from, `${server.url}/c`))
  expect(cacheSteps(c.events)).toEqual(['miss', 'write', 'evict'])
  expect(dataOf(c.events, 'cache')[2]).toMatchObject({ key: keyOfB, size: 400 })
  expect(await contents(folder)).toHaveLength(2)
  expect(cacheSteps((await watch(from, `${server.url}/a`)).events)).toEqual(['hit'])
  expect(cacheSteps((await watch(from, `${server.url}/b`)).events)).toEqual(['miss', 'write', 'evict'])
})

test('a source that is larger than the cache is not kept, and puts nothing out', async () => {
  const server = await serve((request, response) => response.end('!'.repeat(request.url === '/small' ? 400 : 20_000)))
  const folder = await temporaryFolder()
  const from = downloader({ folder, maxCacheBytes: 4 * 4096 })
  await watch(from, `${server.url}/small`)
  const { text, events } = await watch(from, `${server.url}/large`)
  expect(text).toHaveLength(20_000)
  expect(cacheSteps(events)).toEqual(['miss'])
  expect(await contents(folder)).toHaveLength(1)
})

test.each([
  ['cut off', (path: string) => truncate(path, 3)],
  ['changed', (path: string) => writeFile(path, LIST.replace('example', 'EXAMPLE'))],
  ['emptied', (path: string) => truncate(path, 0)],
])('a copy that was %s is never served', async (_name, damage) => {
  const { server } = await serveVersions({ 'cache-control': 'max-age=600' })
  const folder = await temporaryFolder()
  const from = downloader({ folder })
  await watch(from, server.url)
  for (const path of await contents(folder)) await damage(path)
  const { text, events } = await watch(from, server.url)
  expect(text).toBe(LIST)
  expect(cacheSteps(events)).toEqual(['miss', 'write'])
  expect(dataOf(events, 'diagnostic')).toMatchObject([{ category: 'cache', severity: 'warn' }])
  expect(cacheSteps((await watch(from, server.url)).events)).toEqual(['hit'])
})

test('a copy that is damaged and unchanged on the server is loaded whole', async () => {
  const { server } = await serveVersions()
  const folder = await temporaryFolder()
  const from = downloader({ folder })
  await watch(from, server.url)
  for (const path of await contents(folder)) await truncate(path, 3)
  const { text, events } = await watch(from, server.url)
  expect(text).toBe(LIST)
  expect(dataOf(events, 'network').map(({ statusCode }) => statusCode)).toEqual([304, 200])
  expect(cacheSteps(events)).toEqual(['miss', 'write'])
})

test('a damaged index entry is a miss after a restart', async () => {
  const { server } = await serveVersions({ 'cache-control': 'max-age=600' })
  const folder = await temporaryFolder()
  await watch(downloader({ folder }), server.url)
  for (const file of await filesOf(folder, '.json')) await truncate(file, 10)
  expect(cacheSteps((await watch(downloader({ folder }), server.url)).events)).toEqual(['miss', 'write'])
})

test('a folder that can not be used is said and done without', async () => {
  const folder = join(await temporaryFolder(), 'file')
  await writeFile(folder, 'not a folder')
  const { server } = await serveVersions()
  const { text, events } = await watch(downloader({ folder }), server.url)
  expect(text).toBe(LIST)
  expect(dataOf(events, 'diagnostic')).toMatchObject([{ category: 'cache', severity: 'warn', metadata: { reason: 'ENOTDIR' } }])
})

test('the cache is for its owner only, and no file of it holds a URL with its secrets', async () => {
  const server = await serve((_request, response) => response.writeHead(200, { etag: '"1"', 'set-cookie': 'session=hidden' }).end(LIST))
  const folder = await temporaryFolder()
  await watch(downloader({ folder }), `${server.url.replace('//', '//me:hidden@')}/a?token=hidden`)
  expect((await stat(join(folder, 'sources'))).mode & 0o077).toBe(0)
  const entries = await filesOf(folder, '.json')
  expect(entries).toHaveLength(1)
  for (const file of entries) expect(await readFile(file, 'utf8')).not.toContain('hidden')
})

function fail(response: ServerResponse): void {
  response.writeHead(500).end()
}

test('the last good copy stands in for a source that fails, where that is wanted, and this is said', async () => {
  let works = true
  const server = await serve((_request, response) => (works ? response.end(LIST) : fail(response)))
  const folder = await temporaryFolder()
  await watch(downloader({ folder }), server.url)
  works = false
  const { loaded, text, events } = await watch(downloader({ folder, onFailure: 'last-good' }), server.url)
  expect(text).toBe(LIST)
  expect(loaded?.stale).toBe(true)
  expect(cacheSteps(events)).toEqual(['hit'])
  expect(dataOf(events, 'log')).toMatchObject([{ level: 'warn', message: expect.stringContaining('last good copy') }])
  expect(dataOf(events, 'diagnostic')).toMatchObject([{ metadata: { code: 'SOURCE_HTTP_STATUS', stale: true } }])
  expect((await watch(downloader({ folder, onFailure: 'skip' }), server.url)).code).toBe('SOURCE_HTTP_STATUS')
})

test('a source that takes too long has its last good copy too, but one that was cancelled does not', async () => {
  let works = true
  const server = await serve((_request, response) => {
    if (works) response.end(LIST)
  })
  const folder = await temporaryFolder()
  const from = downloader({ folder, onFailure: 'last-good', totalTimeoutMs: 200 })
  await watch(from, server.url)
  works = false
  expect((await watch(from, server.url)).loaded?.stale).toBe(true)
  const controller = new AbortController()
  const loading = watch(from, server.url, controller.signal)
  controller.abort(new Error('cancelled'))
  expect((await loading).error?.message).toBe('cancelled')
})

test('without a copy, and for an address that is blocked, the failure stays', async () => {
  const server = await serve((_request, response) => fail(response))
  const folder = await temporaryFolder()
  const settings = { folder, onFailure: 'last-good' } as const
  expect((await watch(downloader(settings), server.url)).code).toBe('SOURCE_HTTP_STATUS')
  expect((await watch(downloader({ ...settings, allowAddresses: [] }), server.url)).code).toBe('BLOCKED_ADDRESS')
})

test.each([
  ['a name', 'lists.test'],
  ['an address', '127.0.0.1'],
])('what was allowed once and is forbidden now is not served from the cache: %s', async (_what, host) => {
  const { server } = await serveVersions({ 'cache-control': 'max-age=600' })
  const url = server.url.replace('127.0.0.1', host)
  const folder = await temporaryFolder()
  const settings = { folder, resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 } as const]) }
  await watch(downloader({ ...settings, allowAddresses: ['127.0.0.0/8'] }), url)
  expect(cacheSteps((await watch(downloader({ ...settings, allowAddresses: ['127.0.0.0/8'] }), url)).events)).toEqual(['hit'])
  expect((await watch(downloader({ ...settings, allowAddresses: ['10.0.0.0/8'] }), url)).code).toBe('BLOCKED_ADDRESS')
  expect((await watch(downloader({ ...settings, allowAddresses: [], onFailure: 'last-good' }), url)).code).toBe('BLOCKED_ADDRESS')
  const asked = server.requests.length
  expect((await watch(downloader({ ...settings, allowAddresses: ['127.0.0.1'] }), url)).text).toBe(LIST)
  expect(server.requests).toHaveLength(asked + 1)
})

test('an ETag that no request may carry is not sent back', async () => {
  const etag = Buffer.from('"\u20ac"').toString('latin1')
  const server = await serve((_request, response) => response.writeHead(200, { etag }).end(LIST))
  const from = downloader({ folder: await temporaryFolder() })
  for (let times = 0; times < 2; times += 1) expect((await watch(from, server.url)).text).toBe(LIST)
})

test('a copy that went while somebody was about to read it is loaded again, and is not called damaged', async () => {
  const { server } = await serveVersions({ 'cache-control': 'max-age=600' })
  const folder = await temporaryFolder()
  const from = downloader({ folder, maxCacheBytes: 2 * 4096 })
  await watch(from, `${server.url}/a`)
  const both = await Promise.all([watch(from, `${server.url}/b`), ...Array.from({ length: 5 }, () => watch(from, `${server.url}/a`))])
  for (const { text, events } of both) {
    expect(text).toBe(LIST)
    expect(dataOf(events, 'diagnostic')).toEqual([])
  }
})

test('headers count: many small sources with large ones do not outgrow the cache', async () => {
  const server = await serve((_request, response) => response.writeHead(200, { etag: `"${'x'.repeat(8000)}"` }).end(LIST))
  const folder = await temporaryFolder()
  const from = downloader({ folder, maxCacheBytes: 64 * 1024 })
  for (let at = 0; at < 10; at += 1) await watch(from, `${server.url}/${String(at)}`)
  expect(await contents(folder)).toHaveLength(4)
})
