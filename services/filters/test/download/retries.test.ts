import { expect, test } from 'vitest'
import { dataOf, downloader, LIST, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

test.each([500, 502, 503, 504, 429, 408])('status %i is tried again, and each attempt is said', async (status) => {
  const server = await serve((_request, response) => {
    if (server.requests.length < 3) response.writeHead(status).end('sorry')
    else response.end(LIST)
  })
  const { text, events } = await watch(downloader({ retries: 2 }), server.url)
  expect(text).toBe(LIST)
  expect(dataOf(events, 'network').map(({ statusCode }) => statusCode)).toEqual([status, status, 200])
  expect(dataOf(events, 'diagnostic').map(({ metadata }) => [metadata?.['attempt'], metadata?.['code']])).toEqual([
    [1, 'SOURCE_HTTP_STATUS'],
    [2, 'SOURCE_HTTP_STATUS'],
  ])
})

test('after the last attempt the error is the one of that attempt', async () => {
  const server = await serve((_request, response) => response.writeHead(server.requests.length === 3 ? 502 : 500).end())
  const { code, error } = await watch(downloader({ retries: 2 }), server.url)
  expect(code).toBe('SOURCE_HTTP_STATUS')
  expect(error?.message).toContain('502')
  expect(server.requests).toHaveLength(3)
})

test('waits grow up to a limit, with jitter', async () => {
  const server = await serve((_request, response) => response.writeHead(500).end())
  const from = downloader({ retries: 4, retryMinDelayMs: 10, retryMaxDelayMs: 40, random: () => 0.5 })
  const { events } = await watch(from, server.url)
  expect(dataOf(events, 'diagnostic').map(({ metadata }) => metadata?.['delayMs'])).toEqual([8, 15, 30, 30])
})

test.each([
  ['seconds', '1'],
  ['a date', 'Sun, 22 Nov 2026 10:00:01 GMT'],
])('Retry-After in %s is heard', async (_name, header) => {
  const server = await serve((_request, response) => {
    if (server.requests.length === 1) response.writeHead(503, { 'retry-after': header }).end()
    else response.end(LIST)
  })
  const from = downloader({ retries: 1, now: () => Date.parse('2026-11-22T10:00:00Z') })
  const { text, events } = await watch(from, server.url)
  expect(text).toBe(LIST)
  expect(dataOf(events, 'diagnostic')[0]?.metadata?.['delayMs']).toBe(1000)
})

test('a server that asks to wait too long is not asked again', async () => {
  const server = await serve((_request, response) => response.writeHead(503, { 'retry-after': '3600' }).end())
  expect((await watch(downloader({ retries: 3 }), server.url)).code).toBe('SOURCE_HTTP_STATUS')
  expect(server.requests).toHaveLength(1)
})

test('an abort while waiting ends at once', async () => {
  const server = await serve((_request, response) => response.writeHead(500).end())
  const controller = new AbortController()
  const reason = new Error('cancelled')
  const from = downloader({ retries: 1, retryMinDelayMs: 3_600_000, retryMaxDelayMs: 3_600_000 })
  const loading = from.load(server.url, {
    signal: controller.signal,
    on: ({ type }) => {
      if (type === 'diagnostic') controller.abort(reason)
    },
  })
  await expect(loading).rejects.toBe(reason)
})

test.each([
  ['retries', -1],
  ['concurrency', 0],
  ['maxExpandedBytes', 1.5],
  ['totalTimeoutMs', Number.NaN],
])('the setting %s can not be %d', (name, value) => {
  expect(() => downloader({ [name]: value })).toThrow(`Downloads: ${name} must be a whole number`)
})
