import { WebSocket as NodeWebSocket } from 'ws'
import { createBooksTrackClient, createSSEStream, createWebSocketStream } from '@headway/client/books'
import type { SSEProgressEvent, SSEStreamOptions, WebSocketStreamOptions } from '@headway/client/books'
import type { ConnectionState } from '@headway/client'
import { expect, onTestFinished, test } from 'vitest'
import { heldBatch, KNOWN, startHeld } from '../../../../services/books/test/support/held.js'
import { editions } from '../../../../services/books/test/support/stand-in/books.mjs'
import { csvForm, start, textsOf } from '../../../../services/books/test/support/start.js'
import type { Running } from '../../../../services/books/test/support/start.js'
import { onceForTests } from '../../../../test/support/for-tests.js'
import type { AtEnd } from '../../../../test/e2e/support/program.js'
import { startCuttingProxy } from '../support/cutting-proxy.js'
import type { Cut } from '../support/cutting-proxy.js'

const behindProxy = async <Server extends Running>(server: Server, atEnd: AtEnd) => {
  const proxy = await startCuttingProxy(server.url)
  atEnd(() => proxy.close())
  return { ...server, proxy }
}
const importing = onceForTests(async (atEnd) => behindProxy(await start({ atEnd, books: BOOKS }), atEnd))
const holding = onceForTests(async (atEnd) => behindProxy(await startHeld(atEnd), atEnd))

/** As browsers have it. */
const WebSocket = NodeWebSocket as unknown as typeof globalThis.WebSocket

const ROWS = 40
const BOOKS = editions(ROWS)
const LIBRARY = ['Title,ISBN13', ...BOOKS.map(({ title, isbn13 }) => `${title},${isbn13}`)].join('\n')

/** An import, with the URLs that the proxy's address gives. */
async function imported(cut: Cut) {
  const { proxy } = importing()
  proxy.cut = cut
  onTestFinished(() => void (proxy.cut = () => undefined))
  const answer = await fetch(`${proxy.url}/api/v2/imports`, { method: 'POST', body: csvForm(LIBRARY) })
  const { data } = (await answer.json()) as { readonly data: Record<string, unknown> }
  return textsOf(data, 'jobId', 'authToken', 'sseUrl')
}

/** Follows a job over SSE, or what takes its place, to its end, and gives all that was said. */
function followed(options: Pick<SSEStreamOptions, 'sseUrl' | 'authToken' | 'WebSocket'>) {
  const states: ConnectionState[] = []
  const said: SSEProgressEvent[] = []
  const errors: Error[] = []
  return new Promise<{ states: ConnectionState[]; said: SSEProgressEvent[]; errors: Error[] }>((resolve) => {
    const keep = (event: SSEProgressEvent): void => void said.push(event)
    createSSEStream({
      ...options,
      onProgress: keep,
      onComplete: keep,
      onFailed: keep,
      onCanceled: keep,
      onError: (error) => errors.push(error),
      onState(state) {
        states.push(state)
        if (state === 'closed') resolve({ states, said, errors })
      },
    })
  })
}

const ALL = Array.from({ length: ROWS }, (_, row) => row + 1)

/** Cuts the first connections to a path somewhere. */
function cutFirst(part: string, times: number): Cut {
  let cuts = 0
  return (path) => (path.includes(part) && cuts < times ? 1000 + 3000 * ++cuts : undefined)
}

test('an SSE stream that breaks again and again tells every book once, and says that it reconnects', async () => {
  const { sseUrl } = await imported(cutFirst('/stream', 5))
  const { said, states, errors } = await followed({ sseUrl })
  expect(said.filter(({ status }) => status === 'processing').map(({ processedCount }) => processedCount)).toEqual(ALL)
  expect(said.at(-1)).toMatchObject({ status: 'completed', progress: 1, books: { length: ROWS } })
  expect(states.slice(0, 4)).toEqual(['connecting', 'live', 'reconnecting', 'live'])
  expect(states.filter((state) => state === 'reconnecting')).toHaveLength(5)
  expect(errors).toEqual([])
})

test('where SSE is barred it goes on over a WebSocket, and where that is, too, by polling', async () => {
  const { proxy } = importing()
  const { sseUrl } = await imported((path) => (path.includes('/stream') ? 0 : undefined))
  const over = await followed({ sseUrl, WebSocket })
  expect(over.said.filter(({ status }) => status === 'processing').map(({ processedCount }) => processedCount)).toEqual(ALL)
  expect(over.said.at(-1)).toMatchObject({ status: 'completed', books: { length: ROWS } })
  const before = proxy.count('/ws/progress')
  expect(before).toBe(1)

  const again = await imported((path) => (/\/stream|\/ws\//.test(path) ? 0 : undefined))
  const polled = await followed({ sseUrl: again.sseUrl, authToken: again.authToken, WebSocket })
  expect(polled.errors).toEqual([])
  expect(polled.said.at(-1)).toMatchObject({ status: 'completed', processedCount: ROWS, books: { length: ROWS } })
  expect(proxy.count('/ws/progress')).toBeGreaterThan(before)
})

test('a stream that is refused is an error, once, and a URL that is none is one at once', async () => {
  const { sseUrl } = await imported(() => undefined)
  const { errors, states, said } = await followed({ sseUrl: sseUrl.replace(/ticket=.*/, 'ticket=a.b.c') })
  expect(errors).toMatchObject([{ name: 'HeadwayClientError', status: 401 }])
  expect([said, states]).toEqual([[], ['connecting', 'closed']])
  for (const wrong of ['https://example.com/', '/api/v2/imports/1/stream']) {
    expect(() => createSSEStream({ sseUrl: wrong })).toThrow(expect.objectContaining({ code: 'INVALID_URL' }))
  }
})

/** What the callbacks of a WebSocket stream were told. */
function watched(options: Pick<WebSocketStreamOptions, 'websocketUrl' | 'authToken' | 'WebSocket'>) {
  const told: { readonly what: string; readonly seq?: number | string }[] = []
  const states: ConnectionState[] = []
  let settle = (): void => undefined
  const over = new Promise<void>((resolve) => (settle = resolve))
  const keep = (message: { readonly type: string; readonly seq: number | string }): void =>
    void told.push({ what: message.type, seq: message.seq })
  const stream = createWebSocketStream({
    WebSocket,
    ...options,
    onConnected: () => told.push({ what: 'connected' }),
    onDisconnected: () => told.push({ what: 'disconnected' }),
    onProgress: keep,
    onComplete: keep,
    onCanceled: keep,
    onError: (error) => told.push({ what: error.message }),
    onState(state) {
      states.push(state)
      if (state === 'closed') setImmediate(settle)
    },
  })
  return { ...stream, told, states, over }
}

test('a WebSocket that breaks goes on from where it was, and can cancel, also where it can not be had', async () => {
  const { proxy, url } = holding()
  const cut = cutFirst('/ws/', 2)
  for (const way of [cut, (path: string) => (path.includes('/ws/') ? 0 : undefined)]) {
    const batch = await heldBatch(holding())
    proxy.cut = (path) => (way === cut ? cut(path) && 1500 : way(path))
    const { told, cancel, over, ws, states } = watched({
      websocketUrl: batch.websocketUrl.replace(url.replace('http', 'ws'), proxy.url.replace('http', 'ws')),
      authToken: batch.authToken,
    })
    const books = (): number => told.filter(({ what }) => what === 'progress').length
    if (way === cut) await expect.poll(books).toBe(KNOWN.length)
    else await expect.poll(() => states).toContain('live')
    cancel()
    await over
    const messages = told.filter(({ seq }) => seq !== undefined)
    expect(messages.at(-1)?.what).toBe('canceled')
    expect(new Set(messages.map(({ seq }) => seq)).size).toBe(messages.length)
    if (way === cut) expect(messages.filter(({ what }) => what === 'book_enriched')).toHaveLength(KNOWN.length)
    expect(told.filter(({ what }) => what === 'connected').length).toBe(told.filter(({ what }) => what === 'disconnected').length)
    expect(ws.readyState).toBe(3)
    await expect.poll(() => states.at(-1)).toBe('closed')
  }
})

test('a cancel does not go by a socket that is breaking', async () => {
  const batch = await heldBatch(holding())
  class Deaf extends NodeWebSocket {
    override send(text: string): void {
      // A socket that is half open takes what it is given, and nobody gets it.
      if (!text.includes('cancel')) super.send(text)
    }
  }
  const { cancel, over, states, told } = watched({
    websocketUrl: batch.websocketUrl,
    authToken: batch.authToken,
    WebSocket: Deaf as unknown as typeof WebSocket,
  })
  await expect.poll(() => states).toContain('live')
  cancel()
  await over
  expect(told.map(({ what }) => what)).toContain('canceled')
})

test('a wrong token of a WebSocket is an error; whoever closes hears nothing more', async () => {
  const batch = await heldBatch(holding())
  const refused = watched({ websocketUrl: batch.websocketUrl.replace(/&ticket.*/, ''), authToken: 'a.b.c' })
  await refused.over
  expect(refused.told).toEqual([{ what: expect.stringContaining('4401') }])
  const left = watched({ websocketUrl: batch.websocketUrl, authToken: batch.authToken })
  left.ws.close()
  await left.over
  expect(left.told).toEqual([])
})

test('the typed client asks, sends files as forms, and gives the envelope of an error', async () => {
  const { url } = importing()
  const client = createBooksTrackClient({ baseUrl: url })
  const file = new Blob(['Title\nEmma\n'])
  const created = await client.POST('/v3/jobs/imports', { body: { file } })
  expect(created.data?.data).toMatchObject({ jobId: expect.any(String), streamUrl: expect.stringContaining('ticket=') })
  const wrong = await client.GET('/v3/books/{isbn}', { params: { path: { isbn: 'none' } } })
  expect(wrong.error?.error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.any(String) })
})
