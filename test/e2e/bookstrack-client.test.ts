import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EventSource } from 'eventsource'
import { createParser } from 'eventsource-parser'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { editionOf, editions } from '../../services/books/test/support/stand-in/books.mjs'
import { startStandIns } from '../../services/books/test/support/stand-in/server.mjs'
import { start } from '../../services/books/test/support/start.js'
import { browserForTests } from './support/browser.js'
import { bundleWalk } from './support/bookstrack/bundle.js'
import type * as Walk from './support/bookstrack/walk.mjs'
import { folderOfTest, onceForTests } from './support/headway.js'

const SECRET = 'a-secret-of-the-webhook'
const KNOWN = editions(20)
const HELD = editionOf(500)
const OTHER_ORIGIN = 'http://app.localhost'

type WalkModule = typeof Walk
type StepName = keyof WalkModule
/** Does a step of the walk somewhere, with what the step takes beside the place. */
type Do = <Name extends StepName>(name: Name, ...rest: unknown[]) => Promise<Awaited<ReturnType<WalkModule[Name]>>>

/** A server that knows 20 editions, and whose Open Library never answers for one more. */
const place = onceForTests(async (atEnd) => {
  const standIns = await startStandIns({ books: [] })
  standIns.openLibrary.before = ({ isbns }) => (isbns.includes(HELD.isbn13) ? new Promise(() => {}) : undefined)
  const running = await start({
    books: KNOWN,
    webhookSecret: SECRET,
    providers: { openLibrary: { baseUrl: standIns.openLibrary.url }, settings: { lingerMs: 0 } },
    server: { corsOrigins: [OTHER_ORIGIN] },
    atEnd,
  })
  atEnd(() => standIns.close())
  const photo = await sharp({ create: { width: 200, height: 100, channels: 3, background: 'grey' } })
    .png()
    .toBuffer()
  return { photo: [...photo], url: running.url, known: isbnsOf(KNOWN), held: HELD.isbn13, unknown: editionOf(600).isbn13, secret: SECRET }
})

describe('in Node.js', () => {
  const before = { WebSocket: globalThis.WebSocket, EventSource: (globalThis as Record<string, unknown>)['EventSource'] }
  const walk = onceForTests(async (atEnd) => {
    const file = join(await folderOfTest(atEnd), 'walk.mjs')
    await writeFile(file, await bundleWalk('esm'))
    return (await import(pathToFileURL(file).href)) as WalkModule
  })
  beforeAll(() => void Object.assign(globalThis, { WebSocket, EventSource }))
  afterAll(() => void Object.assign(globalThis, before))
  const step: Do = (name, ...rest) => (walk()[name] as (...all: unknown[]) => Promise<never>)(place(), ...rest)

  walksWell(() => Promise.resolve(step))

  test('the webhook drops what is kept of a book, for whoever has its secret', async () => {
    const { right, wrong } = await step('callWebhook')
    expect(right).toMatchObject({ status: 200, success: true, message: expect.any(String) })
    expect(wrong).toMatchObject({ status: 401, type: 'application/problem+json', success: false, error: { code: 'UNAUTHORIZED' } })
  })
})

const browser = browserForTests()

describe('in Chromium, on a page of the server itself', () => {
  walksWell(() => stepsOn(place().url))
})

describe('in Chromium, on a page of another origin', () => {
  walksWell(() => stepsOn(OTHER_ORIGIN))
})

/** A page of an app, with the walk in it. */
async function stepsOn(origin: string): Promise<Do> {
  const page = await browser.open('about:blank')
  await page.route(`${origin}/an-app`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>An app</title>' }))
  await page.goto(`${origin}/an-app`)
  await page.addScriptTag({ content: await bundleWalk('iife') })
  return (name, ...rest) => page.evaluate<never>(`walk[${JSON.stringify(name)}](...${JSON.stringify([place(), ...rest])})`)
}

/** The tests that hold wherever the client runs. */
function walksWell(arrive: () => Promise<Do>): void {
  test('looks books up over every path', async () => {
    const step = await arrive()
    const seen = await step('lookUp')
    const [first, second] = KNOWN.map(({ isbn13 }) => isbn13)
    expect(seen.capabilities).toMatchObject({
      status: 200,
      features: { semantic_search: false, similar_books: true, sse_streaming: true, batch_enrichment: true, csv_import: true },
      limits: { csv_max_rows: 5000, batch_max_photos: 5, text_search_rpm: expect.any(Number), semantic_search_rpm: expect.any(Number) },
      version: expect.any(String),
    })
    expect(seen.recommendations).toMatchObject({
      status: 200,
      success: true,
      data: {
        weekOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        count: 3,
        recommendations: [{ reason: expect.any(String) }, {}, {}],
        totalAvailable: expect.any(Number),
      },
      metadata: { timestamp: expect.any(String), requestId: expect.any(String) },
    })
    expect(seen.tooMany).toMatchObject({ status: 400, type: 'application/problem+json', error: { code: 'VALIDATION_ERROR' } })
    expect(seen.text).toMatchObject({ status: 200, data: { total: 1, books: [{ isbn: editionOf(17).isbn13, provider: 'alexandria' }] } })
    expect(seen.semantic).toMatchObject({ status: 200, data: { books: expect.any(Array), total: expect.any(Number) } })
    expect(seen.similar.data.books[0]).toMatchObject({
      title: expect.stringMatching(/^The Chronicle of Year/),
      quality: expect.any(Number),
    })
    expect(seen.book).toMatchObject({ status: 200, data: { isbn: first, title: editionOf(0).title, authors: editionOf(0).authors } })
    expect(seen.unknown).toMatchObject({ status: 404, type: 'application/problem+json', error: { code: 'NOT_FOUND' } })
    expect(seen.noIsbn).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR' } })
    expect(seen.enrich).toMatchObject({ status: 200, data: { found: 2, requested: 3, books: [{ isbn: first }, { isbn: second }] } })
  })

  test.each([
    ['imports', 'csv_import'],
    ['enrichment', 'batch_enrichment'],
  ])('creates %s, follows the stream to its end, and gets the results', async (kind, type) => {
    const step = await arrive()
    const seen = await step('walkJob', kind)
    const { created, watched } = seen
    expect(created).toMatchObject({ status: 202, success: true, data: { status: 'queued', token: expect.any(String) } })
    const { jobId } = created.data
    expect(watched.how).toBe('completed')
    expect(watched.progress.map(({ processedCount }: { processedCount: number }) => processedCount)).toEqual(KNOWN.map((_, n) => n + 1))
    expect(watched.progress.at(-1)).toMatchObject({ jobId, status: 'processing', progress: 1, totalCount: KNOWN.length })
    expect(watched.event).toMatchObject({ jobId, status: 'completed', progress: 1, processedCount: KNOWN.length })
    expect(new Set(isbnsOf(watched.event.books))).toEqual(new Set(isbnsOf(KNOWN)))
    expect(eventsIn(seen.stream as string)).toEqual([...KNOWN.map(() => 'progress'), 'completed'])
    expect(seen.withoutToken).toMatchObject({ status: 401, type: 'application/problem+json', error: { code: 'UNAUTHORIZED' } })
    expect(seen.status).toMatchObject({ status: 200, data: { jobId, type, status: 'completed', progress: 1, totalCount: KNOWN.length } })
    expect(seen.results).toMatchObject({ status: 200, data: { jobId, status: 'completed' } })
    expect(seen.results.data.results).toHaveLength(KNOWN.length)
    expect(seen.cancelled).toMatchObject({ status: 409, success: false, type: 'application/problem+json' })
  })

  test('sends a photo of a shelf, follows the stream to its end, and gets the results', async () => {
    const step = await arrive()
    const { created, watched, stream, status, results, cancelled } = await step('walkScan')
    expect(created).toMatchObject({ status: 202, success: true, data: { status: 'queued', token: expect.any(String) } })
    expect(watched.event).toMatchObject({ jobId: created.data.jobId, status: 'completed', progress: 1, books: [] })
    expect(eventsIn(stream as string).at(-1)).toBe('completed')
    expect(status).toMatchObject({ status: 200, data: { type: 'bookshelf_scan', status: 'completed', progress: 1 } })
    expect(results).toMatchObject({ status: 200, data: { jobId: created.data.jobId, status: 'completed', results: [] } })
    expect(cancelled.status).toBe(409)
  })

  test.each(['imports', 'enrichment'])('cancels %s in mid-flight: the stream ends with canceled, and stays closed', async (kind) => {
    const step = await arrive()
    const { results, readOnly, cancelled, again, messages, status } = await step('cancelWatched', kind)
    expect(results).toMatchObject({ status: 404, error: { code: 'NOT_FOUND' } })
    expect(readOnly.status).toBe(403)
    expect(cancelled).toMatchObject({ status: 200, data: { status: 'canceled' } })
    expect(again.status).toBe(409)
    expect(messages.at(-1)).toBe('canceled')
    expect(messages.filter((name) => name !== 'progress')).toEqual(['canceled'])
    expect(status).toMatchObject({ data: { status: 'canceled', completedTime: expect.any(String) } })
  })

  test('follows a batch over the WebSocket to its end', async () => {
    const step = await arrive()
    const { said, messages, status } = await step('watchSocket', isbnsOf(KNOWN), false)
    expect(said[0]).toBe('connected')
    expect(said.filter((word) => word === 'progress')).toHaveLength(KNOWN.length)
    expect(said.filter((word) => word === 'book_enriched')).toHaveLength(KNOWN.length)
    expect(said.slice(-2)).toEqual([`job_complete ${KNOWN.length}`, 'disconnected'])
    expect(messages[0]).toMatchObject({ type: 'ready_ack' })
    expect(messages.at(-1)).toMatchObject({ type: 'close', protocol: true })
    expect(status.data.status).toBe('completed')
  })

  test('cancels a batch over the WebSocket', async () => {
    const step = await arrive()
    const { said, messages, status } = await step('watchSocket', [editionOf(0).isbn13, HELD.isbn13], true)
    expect(said).toEqual(['connected', 'book_enriched', 'progress', 'disconnected'])
    expect(messages.slice(-2)).toMatchObject([{ type: 'canceled' }, { type: 'close', code: 1000, protocol: true }])
    expect(status.data.status).toBe('canceled')
  })
}

function isbnsOf(books: readonly { readonly isbn13?: string; readonly isbn?: string }[]): string[] {
  return books.map(({ isbn13, isbn }) => isbn13 ?? isbn ?? '')
}

function eventsIn(text: string): (string | undefined)[] {
  const names: (string | undefined)[] = []
  createParser({ onEvent: ({ event }) => names.push(event) }).feed(text)
  return names
}
