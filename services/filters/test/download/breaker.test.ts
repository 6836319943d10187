import { setup } from './support/breaker-setup.js'
import { expect, test } from 'vitest'
import { cacheSteps, dataOf, downloader, LIST, temporaryFolder, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

test.each(['memory', 'engine'] as const)('a host that fails too often is left alone, and tried again later (store: %s)', async (store) => {
  const { from, server, works, later } = await setup({ breakerFailures: 2, breakerOpenMs: 60_000 }, store)
  expect((await watch(from, `${server.url}/a`)).code).toBe('SOURCE_HTTP_STATUS')
  const opened = await watch(from, `${server.url}/b`)
  expect(opened.code).toBe('SOURCE_HTTP_STATUS')
  expect(dataOf(opened.events, 'diagnostic')).toMatchObject([{ category: 'network', severity: 'warn', metadata: { openMs: 60_000 } }])

  later(59_000)
  const refused = await watch(from, `${server.url}/c`)
  expect(refused.code).toBe('BREAKER_OPEN')
  expect(refused.error?.message).toContain('try again in 1 s')
  expect(refused.events).toEqual([])
  expect(server.requests).toHaveLength(2)

  later(2000)
  expect((await watch(from, `${server.url}/d`)).code).toBe('SOURCE_HTTP_STATUS')
  expect((await watch(from, `${server.url}/e`)).code).toBe('BREAKER_OPEN')

  later(61_000)
  works()
  const closed = await watch(from, `${server.url}/f`)
  expect(closed.text).toBeDefined()
  expect(dataOf(closed.events, 'diagnostic')).toMatchObject([{ category: 'network', severity: 'info' }])
  expect((await watch(from, `${server.url}/g`)).text).toBeDefined()
})

test('only one request tries while the breaker is half open', async () => {
  const { from, server, later, hold } = await setup({ breakerFailures: 1, breakerOpenMs: 1000 })
  await watch(from, `${server.url}/a`)
  later(1001)
  const held = hold()
  const trial = watch(from, `${server.url}/b`)
  await held.reached
  expect((await watch(from, `${server.url}/c`)).code).toBe('BREAKER_OPEN')
  held.go()
  expect((await trial).text).toBeDefined()
  expect((await watch(from, `${server.url}/d`)).text).toBeDefined()
})

test('a trial that is cancelled lets the next request try', async () => {
  const { from, server, later, hold, works } = await setup({ breakerFailures: 1, breakerOpenMs: 1000 })
  await watch(from, `${server.url}/a`)
  later(1001)
  const held = hold()
  const controller = new AbortController()
  const trial = watch(from, `${server.url}/b`, controller.signal)
  await held.reached
  controller.abort(new Error('cancelled'))
  expect((await trial).error?.message).toBe('cancelled')
  works()
  await expect.poll(async () => (await watch(from, `${server.url}/c`)).text).toBeDefined()
})

test('a success in between starts the count again, and a missing list is no failure of its host', async () => {
  const { from, server, works, fails } = await setup({ breakerFailures: 2 })
  await watch(from, `${server.url}/a`)
  works()
  await watch(from, `${server.url}/b`)
  fails(404)
  for (const path of ['c', 'd', 'e']) expect((await watch(from, `${server.url}/${path}`)).code).toBe('SOURCE_HTTP_STATUS')
  fails(500)
  await watch(from, `${server.url}/f`)
  works()
  expect((await watch(from, `${server.url}/g`)).text).toBeDefined()
})

test('retries stop when they open the breaker, with the error that opened it', async () => {
  const { from, server } = await setup({ breakerFailures: 2, retries: 5 })
  expect((await watch(from, `${server.url}/a`)).code).toBe('SOURCE_HTTP_STATUS')
  expect(server.requests).toHaveLength(2)
})

test('downloaders that share a store share their breakers', async () => {
  const { from, other, server } = await setup({ breakerFailures: 1 })
  await watch(from, `${server.url}/a`)
  expect((await watch(other, `${server.url}/b`)).code).toBe('BREAKER_OPEN')
  expect(server.requests).toHaveLength(1)
})

test('a store that fails holds no download up', async () => {
  const broken = () => Promise.reject(new Error('no database'))
  const { from, server, works } = await setup({ breakers: { get: broken, set: broken, delete: broken }, breakerFailures: 1 })
  expect((await watch(from, `${server.url}/a`)).code).toBe('SOURCE_HTTP_STATUS')
  works()
  expect((await watch(from, `${server.url}/b`)).text).toBeDefined()
})

const DAMAGED: Readonly<Record<string, readonly [headers: Readonly<Record<string, string>>, body: string, code: string]>> = {
  'broken gzip': [{ 'content-encoding': 'gzip' }, 'no gzip', 'SOURCE_CORRUPT'],
  HTML: [{ 'content-type': 'text/html' }, '<!doctype html>', 'SOURCE_NOT_TEXT'],
  'a short body': [{ 'content-length': '1000' }, LIST, 'SOURCE_INCOMPLETE'],
}

test.each(Object.entries(DAMAGED))('%s is no failure of its host', async (_, [headers, body, code]) => {
  const server = await serve((request, response) => {
    if (request.url === '/good') return void response.end(LIST)
    response.writeHead(200, headers)
    if ('content-length' in headers) response.write(body, () => response.destroy())
    else response.end(body)
  })
  const from = downloader({ breakerFailures: 2 })
  for (const path of ['a', 'b', 'c']) expect((await watch(from, `${server.url}/${path}`)).code).toBe(code)
  expect((await watch(from, `${server.url}/good`)).text).toBe(LIST)
})

test('a copy that is fresh is used while the host is left alone', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/good') response.setHeader('cache-control', 'max-age=60').end(LIST)
    else response.writeHead(500).end()
  })
  const from = downloader({ breakerFailures: 1, folder: await temporaryFolder() })
  expect((await watch(from, `${server.url}/good`)).text).toBe(LIST)
  expect((await watch(from, `${server.url}/bad`)).code).toBe('SOURCE_HTTP_STATUS')
  expect((await watch(from, `${server.url}/other`)).code).toBe('BREAKER_OPEN')
  const again = await watch(from, `${server.url}/good`)
  expect([again.text, cacheSteps(again.events)]).toEqual([LIST, ['hit']])
})
