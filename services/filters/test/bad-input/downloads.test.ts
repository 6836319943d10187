import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import type { FiltersServiceOptions } from '@headway/filters'
import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { serve, serveRaw } from '../download/support/source-server.js'
import { configurationOf } from '../support/start.js'
import type { Running } from '../support/start.js'
import { bomb } from './support/bombs.js'
import { expectFailure, expectList, startForMany } from './support/outcomes.js'
import type { Failure } from './support/outcomes.js'

/** What a server of sources does, and what comes of it. */
interface Row extends Omit<Failure, 'ofSource'> {
  readonly name: string
  readonly answer: RequestListener
  readonly downloads?: FiltersServiceOptions['downloads']
}

const SMALL = { maxExpandedBytes: 8_000_000 }
const LIST = '||example.org^\n'
const HTML = '<!DOCTYPE html><html><body>Please log in</body></html>'

const respond =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body)
  }

/** Sends for as long as somebody takes it. */
const endless: RequestListener = (_request, response) => {
  const piece = Buffer.alloc(64 * 1024, LIST)
  const more = (): void => {
    while (!response.destroyed && response.write(piece)) continue
  }
  response.writeHead(200, { 'content-type': 'text/plain' }).on('drain', more)
  more()
}

const drips: RequestListener = (_request, response) => {
  const drip = setInterval(() => response.write('!'), 20)
  response.on('close', () => clearInterval(drip))
}

const FAILURES: readonly Row[] = [
  { name: 'HTML', answer: respond(HTML, { 'content-type': 'text/html' }), status: 502, code: 'SOURCE_NOT_TEXT', says: 'HTML' },
  { name: 'HTML that calls itself text', answer: respond(HTML), status: 502, code: 'SOURCE_NOT_TEXT', says: 'HTML' },
  {
    name: 'a JSON error page',
    answer: respond('{"message":"Not Found"}', { 'content-type': 'application/json' }),
    status: 502,
    code: 'SOURCE_NOT_TEXT',
    says: 'JSON',
  },
  { name: 'a JSON error page with its status', answer: respond('{}', {}, 403), status: 502, code: 'SOURCE_HTTP_STATUS', says: '403' },
  {
    name: '2 GB, as it says',
    answer: (_request, response) => void response.writeHead(200, { 'content-length': String(2 ** 31) }).write(LIST),
    status: 422,
    code: 'SOURCE_TOO_LARGE',
    says: '209715200 bytes',
  },
  {
    name: '2 GB without a word',
    answer: endless,
    downloads: SMALL,
    status: 422,
    code: 'SOURCE_TOO_LARGE',
    says: '8000000 bytes in full',
  },
  {
    name: 'one that never ends, drop by drop',
    answer: drips,
    downloads: { totalTimeoutMs: 1_000 },
    status: 504,
    code: 'SOURCE_TIMEOUT',
    says: 'not there as a whole',
  },
  {
    name: 'one that falls silent',
    answer: (_request, response) => void response.write(LIST),
    downloads: { bodyIdleTimeoutMs: 500 },
    status: 504,
    code: 'SOURCE_TIMEOUT',
    says: 'stopped sending',
  },
  {
    name: 'one that never answers',
    answer: () => undefined,
    downloads: { headersTimeoutMs: 500 },
    status: 504,
    code: 'SOURCE_TIMEOUT',
    says: 'no answer came',
  },
  {
    name: 'redirects for ever',
    answer: ({ url = '/' }, response) => void response.writeHead(302, { location: `${url}0` }).end(),
    status: 502,
    code: 'TOO_MANY_REDIRECTS',
    says: '10',
  },
  {
    name: 'a redirect to itself',
    answer: ({ url = '/' }, response) => void response.writeHead(301, { location: url }).end(),
    status: 502,
    code: 'TOO_MANY_REDIRECTS',
    says: '10',
  },
  {
    name: 'a redirect to a private address',
    answer: respond('', { location: 'http://10.0.0.1/list' }, 302),
    status: 422,
    code: 'BLOCKED_ADDRESS',
    says: '10.0.0.1',
  },
  {
    name: 'a redirect to a file',
    answer: respond('', { location: 'file:///etc/passwd' }, 302),
    status: 422,
    code: 'UNSUPPORTED_SCHEME',
    says: 'file:',
  },
  ...(['gzip', 'br', 'zstd'] as const).map((coding) => ({
    name: `a bomb in ${coding}`,
    answer: respond(bomb(coding, 64), { 'content-encoding': coding }),
    downloads: SMALL,
    status: 422,
    code: 'SOURCE_TOO_LARGE',
    says: '8000000 bytes in full',
  })),
  {
    name: 'a bomb in a bomb',
    answer: respond(bomb('gzip', 64), { 'content-encoding': 'gzip, br' }),
    status: 502,
    code: 'SOURCE_CORRUPT',
    says: 'damaged',
  },
]

/** Those whose rows ask for the same share one. */
const usual = onceForTests((atEnd) => startForMany({ atEnd }))
const small = onceForTests((atEnd) => startForMany({ atEnd, downloads: { retries: 0, ...SMALL } }))

function serverWith(downloads: Row['downloads']): Running | Promise<Running> {
  if (downloads === undefined) return usual()
  return downloads === SMALL ? small() : startForMany({ downloads: { retries: 0, ...downloads } })
}

test.each(FAILURES)('a source that is $name', async ({ answer, downloads, ...failure }) => {
  let underWay = 0
  const source = await serve((request, response) => {
    underWay += 1
    response.on('close', () => (underWay -= 1))
    answer(request, response)
  })
  const server = await serverWith(downloads)
  await expectFailure(server, { configuration: configurationOf('Bad', `${source.url}/list`) }, failure)
  // Its server is left alone.
  await expect.poll(() => underWay).toBe(0)
})

test('a source that has less than it says is not taken for the whole', async () => {
  const lie = (socket: Socket): unknown => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n${LIST}`)
  const source = await serveRaw(lie)
  const failure = { status: 502, code: 'SOURCE_INCOMPLETE', says: 'before it was whole' }
  await expectFailure(usual(), { configuration: configurationOf('Short', source.url) }, failure)
})

test('a source that has more than it says ends where it says', async () => {
  const source = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${LIST.length}\r\n\r\n${LIST}||more.example^\n`))
  expect(await expectList(usual(), { configuration: configurationOf('Long', source.url) })).toEqual([LIST.trim()])
})

test('a source that is empty is said to be so, and the list is made', async () => {
  const source = await serve(respond(''))
  const server = usual()
  const json = { configuration: configurationOf('Empty', source.url) }
  expect(await expectList(server, json)).toEqual([])
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Empty too', source.url) } })
  await stream.seen(({ event, data }) => event === 'log' && data['level'] === 'warn' && String(data['message']).includes('empty'))
})
