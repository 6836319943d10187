import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { eventsOf } from '../support/sse.js'
import { start, textsOf } from '../support/start.js'

const KNOWN = '9780618346257'
const UNKNOWN = '9780000000002'

interface Message {
  readonly type: string
  readonly [name: string]: unknown
}

/** All messages of a socket until it is closed, and its close code. */
function talk(
  url: string,
  token: string | undefined,
  onOpen: (ws: WebSocket) => void,
): Promise<{ messages: Message[]; code: number; protocol: string }> {
  const ws = token === undefined ? new WebSocket(url) : new WebSocket(url, [token])
  const messages: Message[] = []
  ws.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message))
  ws.on('open', () => onOpen(ws))
  return new Promise((resolve, reject) => {
    ws.on('close', (code) => resolve({ messages, code, protocol: ws.protocol }))
    ws.on('error', reject)
  })
}

describe('a batch over V1', () => {
  it('is told over the WebSocket, from ready to job_complete', async () => {
    const { json } = await start()
    const books = [{ isbn: KNOWN }, { isbn: UNKNOWN }, { title: 'The Hobit', author: 'Tolkien' }, { isbn: '123' }]
    const { data } = await json('/v1/enrichment/batch', { json: { books } })
    const { jobId, authToken, websocketUrl } = textsOf(data, 'jobId', 'authToken', 'websocketUrl')
    const { messages, code, protocol } = await talk(websocketUrl, authToken, (ws) => ws.send(JSON.stringify({ type: 'ready', jobId })))
    expect(protocol).toBe(authToken)
    expect(code).toBe(1000)
    expect(messages[0]).toMatchObject({ type: 'ready_ack', jobId })
    expect(messages.filter(({ type }) => type === 'progress')).toHaveLength(4)
    for (const message of messages.slice(1)) expect(message).toMatchObject({ jobId, seq: expect.anything() })
    for (const { currentBook } of messages.filter(({ type }) => type === 'progress'))
      expect(currentBook).toMatchObject({ title: expect.stringMatching(/./) })
    expect(messages.filter(({ type }) => type === 'book_enriched').map(({ book }) => (book as { isbn: string }).isbn)).toContain(KNOWN)
    const last = messages.at(-1)!
    expect(last.type).toBe('job_complete')
    const results = last['results'] as { query: object; found: boolean; book?: object; error?: { code: string } }[]
    expect(results.map(({ query }) => query)).toEqual(books)
    expect(results[0]).toMatchObject({ found: true, book: { isbn: KNOWN, provider: 'alexandria' } })
    expect(results[1]).toMatchObject({ found: false })
    expect(results[3]).toMatchObject({ found: false, error: { code: 'VALIDATION_ERROR' } })
  })

  it('is streamed without ready, and to a bare WebSocket that can only look on', async () => {
    const { json } = await start({ readyMs: 10 })
    const { data } = await json('/api/batch-enrich', { json: { books: [{ isbn: KNOWN }] } })
    const { websocketUrl } = textsOf(data, 'websocketUrl')
    const { messages } = await talk(websocketUrl, undefined, () => {})
    expect(messages.map(({ type }) => type)).toEqual(['book_enriched', 'progress', 'job_complete'])
  })

  it('takes a client-chosen id, and tells its token only to whoever has it', async () => {
    const { json, ask } = await start()
    const jobId = crypto.randomUUID()
    const body = { jobId, books: [{ isbn: KNOWN }] }
    const first = await json('/v1/enrichment/batch', { json: body })
    expect(first.data).toMatchObject({ jobId })
    const again = await ask('/v1/enrichment/batch', { json: body })
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ error: { code: 'JOB_EXISTS' } })
    const { authToken } = textsOf(first.data, 'authToken')
    expect((await json('/v1/enrichment/batch', { json: body, token: authToken })).data).toMatchObject({ jobId })
    const other = await ask('/v1/enrichment/batch', { json: { jobId, books: [{ isbn: UNKNOWN }] }, token: authToken })
    expect(other.status).toBe(409)
    expect(await other.json()).toMatchObject({ error: { code: 'JOB_EXISTS', message: expect.stringContaining('another input') } })
  })

  it('goes on over SSE where the WebSocket left off', async () => {
    const { json, url } = await start()
    const { data } = await json('/v3/jobs/enrichment', { json: { isbns: [KNOWN, UNKNOWN] } })
    const { jobId, streamUrl, token } = textsOf(data, 'jobId', 'streamUrl', 'token')
    const { messages } = await talk(`${url.replace('http', 'ws')}/ws/progress?jobId=${jobId}`, token, (ws) => ws.send('{"type":"ready"}'))
    const isbnOf = (book: unknown): unknown => (book as { isbn: string } | undefined)?.isbn
    const told = messages.filter(({ type }) => type !== 'ready_ack')
    for (const [index, { seq }] of told.slice(0, -1).entries()) {
      const rest = await eventsOf(streamUrl, { 'Last-Event-ID': String(seq) })
      const books = [
        ...told.slice(0, index + 1).flatMap(({ type, book }) => (type === 'book_enriched' ? [isbnOf(book)] : [])),
        ...rest.flatMap(({ event, data }) => (event === 'progress' && data['book'] !== undefined ? [isbnOf(data['book'])] : [])),
      ]
      expect(books).toEqual([KNOWN])
    }
    expect(told.map(({ type, seq }) => [type, String(seq).replace(/\d+/, 'N')])).toContainEqual(['book_enriched', 'N.1'])
  })
})

describe('look-ups', () => {
  it('answers by ISBN, in both forms, and says what is wrong', async () => {
    const { json } = await start()
    expect(await json(`/v3/books/${KNOWN}`)).toMatchObject({ success: true, data: { isbn: KNOWN, provider: 'alexandria' } })
    expect(await json('/v1/search/isbn?isbn=0-618-34625-2')).toMatchObject({ data: { isbn: KNOWN } })
    expect(await json('/v1/search/isbn')).toMatchObject({ error: { code: 'MISSING_ISBN' } })
    expect(await json('/v3/books/9780261103574')).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
    expect(await json(`/v3/books/${UNKNOWN}`)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  })

  it('searches, likens and recommends', async () => {
    const { json } = await start()
    const found = await json('/v3/books/search?q=fellowship%20ring')
    expect((found.data as unknown as { books: { isbn: string }[] }).books.map(({ isbn }) => isbn)).toContain(KNOWN)
    const similar = await json(`/v3/books/search?mode=similar&q=${KNOWN}`)
    expect((similar.data as unknown as { books: object[] }).books.length).toBeGreaterThan(0)
    const weekly = await json('/v3/recommendations/weekly?limit=3')
    expect(weekly.data).toMatchObject({ count: 3, recommendations: [{ reason: expect.stringMatching(/./) }, {}, {}] })
    expect((await json('/v3/recommendations/weekly?limit=3')).data).toEqual(weekly.data)
  })
})
