import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { channelChecker } from './support/channel-checker.js'
import { startDescribedServer, untilEvent, WEBHOOK_SECRET } from './support/described-server.js'
import type { Answer, AskOptions } from './support/described-server.js'
import { SocketClient } from './support/socket-client.js'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const KNOWN_ISBN = '9780618346257'
const UNKNOWN_ISBN = '9780000000002'

const CSV = `Title,Author,ISBN13,My Rating
The Fellowship of the Ring,J.R.R. Tolkien,${KNOWN_ISBN},5
The Fellowship of the Ring,J.R.R. Tolkien,${KNOWN_ISBN},3
Emma,Jane Austen,9780000000003,
,,,2
`

function csvForm(text = CSV): FormData {
  const form = new FormData()
  form.set('file', new Blob([text]), 'library.csv')
  return form
}

function photosForm(...photos: readonly string[]): FormData {
  const form = new FormData()
  for (const photo of photos) form.append('photos[]', new Blob([photo]), 'shelf.jpg')
  return form
}

/** A server that takes requests and never answers. @returns its address */
async function startSilence(): Promise<string> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Created {
  readonly jobId: string
  readonly token: string
  readonly websocketUrl: string
  readonly authToken: string
}

function dataOf(answer: Answer): Created {
  return (answer.body as { readonly data: Created }).data
}

test('routes answer as they are described, also when they refuse', async () => {
  const server = await startDescribedServer()
  const { ask } = server
  const done = await ask('/v3/jobs/imports', { form: csvForm() })
  expect(done.status).toBe(202)
  const id = dataOf(done).jobId
  await untilEvent(server, id, 'completed')
  const enriched = dataOf(await ask('/v3/jobs/enrichment', { json: { isbns: [KNOWN_ISBN, UNKNOWN_ISBN] } })).jobId
  await untilEvent(server, enriched, 'completed')
  const failed = dataOf(await ask('/api/v2/imports', { form: csvForm('a,b\n1,2\n') })).jobId
  await untilEvent(server, failed, 'failed')
  const ownId = crypto.randomUUID()
  const batch = { jobId: ownId, books: [{ title: 'Emma', author: 'Jane Austen' }, { isbn: KNOWN_ISBN }] }
  const header = { 'x-alexandria-webhook-secret': WEBHOOK_SECRET }
  const changed = { isbn: KNOWN_ISBN, type: 'edition' }
  const webhook = '/v3/webhooks/alexandria/enrichment-complete'
  const nobody = { key: null }
  const expected: readonly (readonly [number, string, AskOptions?])[] = [
    [202, '/v1/enrichment/batch', { json: batch }],
    [409, '/api/batch-enrich', { json: batch, ...nobody }],
    [400, '/v1/enrichment/batch', { json: { books: [] } }],
    [400, '/v3/jobs/enrichment', { json: '{' }],
    [400, '/v3/jobs/imports', { form: csvForm('') }],
    [400, '/v3/jobs/imports', { form: csvForm('%PDF-1.7') }],
    [415, '/v3/jobs/imports', { json: {} }],
    [413, '/api/v2/imports', { form: csvForm('a'.repeat(8 * 1024 * 1024 + 1)) }],
    [400, '/v3/jobs/scans', { form: photosForm('1', '2', '3', '4', '5', '6') }],
    [400, '/api/v2/scans', { form: photosForm('') }],
    [202, '/v3/jobs/scans', { form: photosForm('no photo at all') }],
    [202, '/api/v2/scans', { form: photosForm('no photo at all') }],
    [200, `/v3/jobs/imports/${id}`, nobody],
    [200, `/v3/jobs/imports/${failed}`, nobody],
    [200, `/api/v2/imports/${id}`, nobody],
    [200, `/v1/jobs/${enriched}/status`, nobody],
    [404, `/v1/jobs/${UNKNOWN}/status`, nobody],
    [404, `/v3/jobs/scans/${id}`, nobody],
    [400, `/v1/jobs/${id}/status?wait=soon`, nobody],
    [200, `/v3/jobs/imports/${id}/results`],
    [200, `/v3/jobs/enrichment/${enriched}/results`],
    [200, `/v3/jobs/imports/${id}/results/failed.csv`],
    [404, `/v3/jobs/imports/${failed}/results`],
    [401, `/v3/jobs/imports/${id}/results`, nobody],
    [404, `/v3/jobs/scans/${UNKNOWN}/results/annotated/0.jpg`],
    [409, `/v3/jobs/imports/${id}`, { method: 'DELETE' }],
    [409, `/api/v2/jobs/${id}/cancel`, { method: 'DELETE' }],
    [401, `/v3/jobs/imports/${id}`, { method: 'DELETE', ...nobody }],
    [200, `/v3/books/${KNOWN_ISBN}`, nobody],
    [404, `/v3/books/${UNKNOWN_ISBN}`, nobody],
    [400, '/v3/books/123', nobody],
    [200, '/v1/search/isbn?isbn=0-618-34625-2', nobody],
    [400, '/v1/search/isbn', nobody],
    [200, '/v1/search/title?q=fellowship', nobody],
    [400, '/v1/search/title', nobody],
    [200, '/v3/books/search?q=fellowship', nobody],
    [200, '/v3/books/search?q=quests&mode=semantic', nobody],
    [200, `/v3/books/search?q=${KNOWN_ISBN}&mode=similar`, nobody],
    [400, '/v3/books/search?q=x&limit=1000', nobody],
    [200, '/v3/books/enrich', { json: { isbns: [KNOWN_ISBN, UNKNOWN_ISBN], includeEmbedding: true }, ...nobody }],
    [400, '/v3/books/enrich', { json: { isbns: [] }, ...nobody }],
    [200, '/v3/capabilities', nobody],
    [200, '/v3/recommendations/weekly?limit=3', nobody],
    [401, webhook, { json: changed, ...nobody }],
    [200, webhook, { json: changed, headers: header, ...nobody }],
    [400, webhook, { json: { isbn: KNOWN_ISBN }, headers: header, ...nobody }],
  ]
  for (const [status, path, options] of expected) {
    const answer = await ask(path, options)
    expect(answer.status, `${options?.method ?? ''} ${path} ${answer.text.slice(0, 300)}`).toBe(status)
  }
})

test('every message of the streams is as it is described', async () => {
  const server = await startDescribedServer()
  const checker = channelChecker(server.asyncApi, 'importStream')
  const good = dataOf(await server.ask('/v3/jobs/imports', { form: csvForm() })).jobId
  const bad = dataOf(await server.ask('/v3/jobs/imports', { form: csvForm('a,b\n1,2\n') })).jobId
  await untilEvent(server, good, 'completed')
  await untilEvent(server, bad, 'failed')
  for (const path of [good, bad].flatMap((id) => [
    `/v3/jobs/imports/${id}/stream`,
    `/api/v2/imports/${id}/stream`,
    `/v3/jobs/imports/${id}/stream?after=9999`,
  ])) {
    for (const { data, event } of await server.stream(path)) checker.sent(data, event)
  }
  // A cancel is told to the socket, in the next test; nothing is silent for 5 minutes here.
  expect(checker.missing.toSorted()).toEqual(['BooksStreamCanceled', 'BooksStreamTimeout'])
})

test('every message of /ws/progress is as it is described', async () => {
  const baseUrl = await startSilence()
  const server = await startDescribedServer({ providers: { openLibrary: { baseUrl } } })
  const checker = channelChecker(server.asyncApi, 'progressSocket')
  const connect = (url: string, token: string): { readonly client: SocketClient; readonly say: (message: object) => void } => {
    const client = new SocketClient(url, token, (message) => checker.sent(message))
    const say = (message: object): void => {
      checker.received(message)
      client.send(message)
    }
    return { client, say }
  }
  const create = async (books: readonly object[]): Promise<Created> => dataOf(await server.ask('/v1/enrichment/batch', { json: { books } }))
  const { jobId, authToken, websocketUrl } = await create([{ isbn: KNOWN_ISBN }])
  const { client, say } = connect(websocketUrl, authToken)
  say({ type: 'ping' })
  await client.nextOf('pong')
  client.send({ type: 'unknown' })
  await client.nextOf('error')
  say({ type: 'ready', jobId, after: 9999 })
  await client.nextOf('ready_ack')
  await client.nextOf('reset')
  await client.nextOf('book_enriched')
  await client.nextOf('progress')
  await client.nextOf('job_complete')
  const slow = await create([{ isbn: UNKNOWN_ISBN }])
  const other = connect(slow.websocketUrl, slow.authToken)
  other.say({ type: 'ready' })
  await other.client.nextOf('ready_ack')
  other.say({ type: 'cancel', jobId: slow.jobId, reason: 'enough' })
  await other.client.nextOf('canceled')
  expect(checker.missing).toEqual([])
})
