import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dataOf, downloader, LIST, watch } from './support/downloads.js'
import { serve, serveRaw } from './support/source-server.js'

test('a source that says that it has 2 GB is refused before it is read', async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': String(2 ** 31) }).write(LIST)
  })
  const { code, error } = await watch(downloader(), server.url)
  expect(code).toBe('SOURCE_TOO_LARGE')
  expect(error?.message).toContain('209715200 bytes')
})

test('a source that never ends is cut off at the limit', async () => {
  const piece = Buffer.from('||example.org^\n'.repeat(4000))
  const server = await serve((_request, response) => {
    const more = () => {
      while (response.write(piece) && !response.destroyed) continue
    }
    response.on('drain', more)
    more()
  })
  const { code, events } = await watch(downloader({ maxExpandedBytes: 1_000_000, retries: 3 }), server.url)
  expect(code).toBe('SOURCE_TOO_LARGE')
  expect(dataOf(events, 'network')[0]?.responseSize).toBeLessThan(1_200_000)
  await expect.poll(() => server.open.size).toBe(0)
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['gzip', gzipSync(Buffer.alloc(50_000_000, '!'))],
  ['br', brotliCompressSync(Buffer.alloc(50_000_000, '!'))],
  ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000, '!')))],
])('a decompression bomb in %s is stopped', async (coding, bomb) => {
  const server = await serve((_request, response) => response.writeHead(200, { 'content-encoding': coding }).end(bomb))
  const { code, error } = await watch(downloader({ maxExpandedBytes: 1_000_000 }), server.url)
  expect(code).toBe('SOURCE_TOO_LARGE')
  expect(error?.message).toContain('1000000 bytes in full')
})

test('compressed content has a limit of its own', async () => {
  const body = gzipSync(Array.from({ length: 20_000 }, (_, index) => String(index * 7919)).join('\n'))
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).write(body.subarray(0, 100))
    response.end(body.subarray(100))
  })
  const { code, error } = await watch(downloader({ maxCompressedBytes: 1000 }), server.url)
  expect(code).toBe('SOURCE_TOO_LARGE')
  expect(error?.message).toContain('1000 bytes compressed')
})

test('an HTML page is refused while it is still coming', async () => {
  const server = await serve((_request, response) => {
    response.write(`<html>${' '.repeat(5000)}`)
  })
  expect((await watch(downloader(), server.url)).code).toBe('SOURCE_NOT_TEXT')
  await expect.poll(() => server.open.size).toBe(0)
})

test('a content in pieces of one byte comes whole', async () => {
  const server = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    socket.end(`${'1\r\n!\r\n'.repeat(300_000)}0\r\n\r\n`)
  })
  const { loaded } = await watch(downloader(), server.url)
  expect(loaded?.bytes).toHaveLength(300_000)
})

test('a body that is shorter than its Content-Length is an error, and tried again', async () => {
  const server = await serveRaw((socket, count) => {
    const length = LIST.length + (count === 1 ? 10 : 0)
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${String(length)}\r\nConnection: close\r\n\r\n${LIST}`)
  })
  const { text, events } = await watch(downloader({ retries: 1 }), server.url)
  expect(text).toBe(LIST)
  expect(dataOf(events, 'diagnostic')).toMatchObject([
    { category: 'download', severity: 'warn', metadata: { code: 'SOURCE_INCOMPLETE', attempt: 1 } },
  ])
})

test('a chunked body that is cut off is an error', async () => {
  const server = await serveRaw((socket) => {
    socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${LIST.length.toString(16)}\r\n${LIST}\r\n`)
  })
  expect((await watch(downloader(), server.url)).code).toBe('SOURCE_INCOMPLETE')
})

test('a body that is longer than its Content-Length ends there', async () => {
  const server = await serveRaw((socket) => {
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${String(LIST.length)}\r\n\r\n${LIST}||more.example^\n`)
  })
  expect((await watch(downloader(), server.url)).text).toBe(LIST)
})

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'SOURCE_BAD_ANSWER'],
  ['endless headers', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`, 'SOURCE_BAD_ANSWER'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef', 'SOURCE_BAD_ANSWER'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabcdef', 'SOURCE_BAD_ANSWER'],
  ['nothing', '', 'SOURCE_UNREACHABLE'],
])('a server that answers %s is an error', async (_name, answer, expected) => {
  const server = await serveRaw((socket) => socket.end(answer))
  expect((await watch(downloader(), server.url)).code).toBe(expected)
})

test('a server that never answers is given up', async () => {
  const server = await serve(() => undefined)
  const { code, events } = await watch(downloader({ headersTimeoutMs: 200 }), server.url)
  expect(code).toBe('SOURCE_TIMEOUT')
  expect(dataOf(events, 'network')).toEqual([{ method: 'GET', url: `${server.url}/`, durationMs: expect.any(Number) }])
})

test('a body that stops in the middle is given up', async () => {
  const server = await serve((_request, response) => {
    response.write(LIST)
  })
  const { code, error } = await watch(downloader({ bodyIdleTimeoutMs: 200 }), server.url)
  expect(code).toBe('SOURCE_TIMEOUT')
  expect(error?.message).toContain('stopped sending')
})

test('a body that drips for ever is given up, retries included', async () => {
  const server = await serve((_request, response) => {
    const drip = setInterval(() => response.write('!'), 20)
    response.on('close', () => clearInterval(drip))
  })
  const { code, error } = await watch(downloader({ totalTimeoutMs: 300, retries: 3 }), server.url)
  expect(code).toBe('SOURCE_TIMEOUT')
  expect(error?.message).toContain('not there as a whole')
  expect(server.requests).toHaveLength(1)
})

test('a host that is not there is an error that names it', async () => {
  const server = await serve(() => undefined)
  await server.close()
  const { code, error } = await watch(downloader(), server.url)
  expect(code).toBe('SOURCE_UNREACHABLE')
  expect(error?.message).toContain(`"127.0.0.1:${String(server.port)}" can't be reached (ECONNREFUSED)`)
})

test('https from a server that does not speak it is an error', async () => {
  const server = await serve((_request, response) => response.end(LIST))
  expect((await watch(downloader(), server.url.replace('http:', 'https:'))).code).toBe('SOURCE_BAD_ANSWER')
})

test('a name that is not resolved in time is given up', async () => {
  const { code, error } = await watch(
    downloader({ resolve: () => new Promise(() => undefined), connectTimeoutMs: 100 }),
    'http://lists.test/',
  )
  expect(code).toBe('SOURCE_TIMEOUT')
  expect(error?.message).toContain('no connection was made in time')
})

test('a name that does not exist is an error that is not tried again', async () => {
  let asked = 0
  const resolve = () => {
    asked += 1
    return Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
  }
  const { code, error } = await watch(downloader({ resolve, retries: 3 }), 'http://lists.test/')
  expect(code).toBe('SOURCE_UNREACHABLE')
  expect(error?.message).toContain('There is no host "lists.test"')
  expect(asked).toBe(1)
})
