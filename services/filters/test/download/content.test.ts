import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { dataOf, downloader, LIST, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

async function load(body: Uint8Array | string, headers: Record<string, string> = {}) {
  const server = await serve((_request, response) => response.writeHead(200, headers).end(body))
  return { ...(await watch(downloader(), `${server.url}/list.txt`)), server }
}

test('a list comes as the bytes that were served, with their hash, and its request in events', async () => {
  const body = '\uFEFF! Title: Ünïcode\r\n||example.org^\r\n'
  const { loaded, text, events, server } = await load(body, { 'content-type': 'text/plain' })
  expect(text).toBe(body)
  expect(loaded?.sha256).toBe(createHash('sha256').update(body).digest('hex'))
  expect(loaded?.bytes.byteLength).toBe(loaded?.bytes.buffer.byteLength)
  expect(dataOf(events, 'network')).toEqual([
    {
      method: 'GET',
      url: `${server.url}/list.txt`,
      statusCode: 200,
      durationMs: expect.any(Number),
      responseSize: Buffer.byteLength(body),
    },
  ])
  expect(dataOf(events, 'metric')).toEqual([
    { metric: 'download_speed', value: expect.any(Number), unit: 'KB/s', dimensions: { source: `${server.url}/list.txt` } },
  ])
  expect(server.requests[0]?.headers['user-agent']).toContain('Headway')
})

const big = Array.from({ length: 40_000 }, (_, index) => `||host${String(index)}.example.org^\n`).join('')

test.each([
  ['gzip', gzipSync(big)],
  ['x-gzip', gzipSync(big)],
  ['GZIP', gzipSync(big)],
  ['br', brotliCompressSync(big)],
  ['gzip, br', brotliCompressSync(gzipSync(big))],
  ['identity', Buffer.from(big)],
])('content in %s is expanded', async (coding, body) => {
  const { text, events } = await load(body, { 'content-encoding': coding })
  expect(text === big).toBe(true)
  expect(dataOf(events, 'network')[0]?.responseSize).toBe(body.length)
})

test('several gzip members in a row are one content', async () => {
  const { text } = await load(Buffer.concat([gzipSync('||a.example^\n'), gzipSync('||b.example^\n')]), { 'content-encoding': 'gzip' })
  expect(text).toBe('||a.example^\n||b.example^\n')
})

test.each(['deflate', 'gzip, gzip, gzip', 'compress', 'constructor'])('the encoding %j is refused', async (coding) => {
  expect((await load(gzipSync(LIST), { 'content-encoding': coding })).code).toBe('UNSUPPORTED_ENCODING')
})

test.each([
  ['gzip', gzipSync(big).subarray(0, 5000)],
  ['gzip', Buffer.from('no gzip at all')],
  ['br', brotliCompressSync(big).subarray(0, 50)],
  ['br', Buffer.from('no brotli at all, none whatsoever')],
])('damaged %s is an error: %#', async (coding, body) => {
  expect((await load(body, { 'content-encoding': coding })).code).toBe('SOURCE_CORRUPT')
})

const page = '\n<!DOCTYPE html><html><head><title>Sign in</title></head><body>...</body></html>'

test.each([
  ['an HTML page', page, 'text/html; charset=utf-8', 'an HTML or XML page'],
  ['an HTML page that is called text', page, 'text/plain', 'an HTML or XML page'],
  ['an HTML page that is called nothing', `\uFEFF${page}`, undefined, 'an HTML or XML page'],
  ['an error in XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'application/xml', 'an HTML or XML page'],
  ['a message that is called HTML', 'File not found.', 'text/html', 'of the type text/html'],
  ['a JSON error', '{"error":{"code":404}}', 'application/json', 'JSON'],
  ['JSON that is called text', '[{"message":"rate limited"}]', 'text/plain', 'JSON'],
  ['a JSON string', '"not found"', 'application/problem+json', 'of the type application/problem+json'],
  ['a picture', 'GIF89a...', 'image/gif', 'of the type image/gif'],
  ['a binary file', 'PK\u0003\u0004\u0000\u0000', 'application/octet-stream', 'a binary file'],
  ['UTF-16', Buffer.from('\uFEFF||example.org^', 'utf16le'), 'text/plain', 'text in UTF-16. Save it as UTF-8.'],
])('%s is refused', async (_name, body, type, what) => {
  const { code, error } = await load(body, type === undefined ? {} : { 'content-type': type })
  expect(code).toBe('SOURCE_NOT_TEXT')
  expect(error?.message).toContain(`The source is ${what}`)
})

test.each([
  ['a list that is called HTML', LIST, 'text/html'],
  ['a list with a header', '[Adblock Plus 2.0]\n||a.example^', 'application/json'],
  ['hosts that are called JSON', '0.0.0.0 a.example\n', 'application/json'],
  ['IPv6 hosts that are called HTML', '::1 localhost\n', 'text/html'],
  ['bare domains in a stream of bytes', 'a.example\nb.example\n', 'application/octet-stream'],
  ['bare domains that are called HTML', 'a.example\nb.example\n', 'text/html'],
  ['white space', ' \n \n', 'text/plain'],
  ['cosmetic rules', '##.ad\n', undefined],
])('%s is taken', async (_name, body, type) => {
  const { text } = await load(body, type === undefined ? {} : { 'content-type': type })
  expect(text).toBe(body)
})

test.each([200, 204])('an empty source (%i) is taken; the compiler says so', async (status) => {
  const server = await serve((_request, response) => response.writeHead(status).end())
  const { text, events } = await watch(downloader(), `${server.url}/?token=secret`)
  expect(text).toBe('')
  expect(dataOf(events, 'log')).toEqual([])
  expect(dataOf(events, 'diagnostic')).toEqual([])
})

test.each(['gzip', 'br', 'zstd'])('an empty answer in %s is an empty source', async (coding) => {
  expect((await load('', { 'content-encoding': coding })).text).toBe('')
})

test.each([404, 403, 410, 206, 304])('status %i is an error that is not tried again', async (status) => {
  const server = await serve((_request, response) => response.writeHead(status).end(status === 304 ? undefined : LIST))
  const { code, error } = await watch(downloader({ retries: 3 }), server.url)
  expect(code).toBe('SOURCE_HTTP_STATUS')
  expect(error?.message).toContain(String(status))
  expect(server.requests).toHaveLength(1)
})
