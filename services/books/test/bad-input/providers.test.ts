import { expect, onTestFinished, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import type { AtEnd } from '../../../../test/e2e/support/program.js'
import { importOf } from '../support/import-of.js'
import { eventsOf } from '../support/sse.js'
import { editionOf, editions } from '../support/stand-in/books.mjs'
import { startStandIns } from '../support/stand-in/server.mjs'
import { start } from '../support/start.js'
import type { StartOptions } from '../support/start.js'

const HURRIED = { lingerMs: 0, retries: 1, retryMinDelayMs: 0, retryMaxDelayMs: 0, breakerFailures: 1000, maxRetryAfterMs: 2000 }

/** A server that asks an Open Library which knows 1,000 editions, and waits half a second for it. */
async function setUp(atEnd: AtEnd, settings: NonNullable<StartOptions['providers']>['settings'] = HURRIED) {
  const standIns = await startStandIns({ books: editions(1000) })
  const openLibrary = { baseUrl: standIns.openLibrary.url, contact: 'books@example.org', timeoutMs: 500 }
  const running = await start({ providers: { openLibrary, settings }, atEnd })
  atEnd(() => standIns.close())
  return { running, openLibrary: standIns.openLibrary }
}

const shared = onceForTests((atEnd) => setUp(atEnd))
let next = 0
/** The ISBNs of some books that no test has asked for before. */
const fresh = (count: number): string[] => editions(count, (next += 20)).map(({ isbn13 }) => isbn13)

interface Result {
  readonly found: boolean
  readonly book?: { readonly isbn: string }
  readonly error?: { readonly code: string; readonly retryable: boolean; readonly retryAfterMs?: number }
}

async function enrich(isbns: readonly string[]): Promise<readonly Result[]> {
  const { running } = shared()
  const { data } = await running.json('/v3/jobs/enrichment', { json: { isbns } })
  const { jobId, streamUrl, token } = data as unknown as Record<'jobId' | 'streamUrl' | 'token', string>
  const events = await eventsOf(streamUrl)
  expect(events.map(({ event }) => event)).toEqual([...isbns.map(() => 'progress'), 'completed'])
  return (await running.json(`/v3/jobs/enrichment/${jobId}/results`, { token })).data['results'] as readonly Result[]
}

const TROUBLES = [
  ['down', { kind: 'status', status: 503 }],
  ['gone', { kind: 'reset' }],
  ['silent', { kind: 'hang' }],
  ['endless', { kind: 'endless' }],
  ['cut off', { kind: 'cut-off' }],
  ['a page for people', { kind: 'html' }],
  ['no JSON', { kind: 'not-json' }],
  ['too large', { kind: 'giant' }],
] as const

test.each(TROUBLES)('a provider that is %s: every book is told, and that it was not looked up', async (_, trouble) => {
  const { openLibrary } = shared()
  openLibrary.trouble = { ...trouble }
  onTestFinished(() => void (openLibrary.trouble = undefined))
  const results = await enrich(fresh(3))
  expect(results).toHaveLength(3)
  for (const { found, error } of results) {
    expect(found).toBe(false)
    expect(error).toMatchObject({ code: 'API_ERROR', retryable: true })
  }
})

test('an import keeps its rows where the provider is down', async () => {
  const { openLibrary, running } = shared()
  openLibrary.trouble = { kind: 'hang' }
  onTestFinished(() => void (openLibrary.trouble = undefined))
  const isbns = fresh(3)
  const { results, counts } = await importOf(running, ['Title,ISBN13', ...isbns.map((isbn) => `A title,${isbn}`)].join('\n'))
  expect(counts).toMatchObject({ rows: 3, imported: 3, failed: 0 })
  expect(results.map(({ isbn13, match }) => [isbn13, match])).toEqual(isbns.map((isbn) => [isbn, { how: 'none', confidence: 0 }]))
})

test('what a provider says of another edition than the one asked for is not believed', async () => {
  const { openLibrary } = shared()
  const [isbn = ''] = fresh(1)
  openLibrary.lie = ({ json }) => {
    const [honest] = Object.values(json as Record<string, object>)
    return { json: { [`ISBN:${isbn}`]: { ...honest, identifiers: { isbn_13: [editionOf(999).isbn13] } } } }
  }
  onTestFinished(() => void (openLibrary.lie = undefined))
  const [result] = await enrich([isbn])
  expect(result?.found).toBe(false)
})

test('a provider that wants fewer requests is waited for', async () => {
  const { openLibrary } = shared()
  openLibrary.trouble = { kind: 'status', status: 429, retryAfter: '1', times: 1 }
  expect(await enrich(fresh(2))).toMatchObject([{ found: true }, { found: true }])
})

test('but not for an hour: the books say when to ask again', async () => {
  const { openLibrary, running } = await setUp(onTestFinished)
  openLibrary.trouble = { kind: 'status', status: 429, retryAfter: '3600' }
  const answer = await running.ask(`/v3/books/${editionOf(1).isbn13}`)
  expect(answer.status).toBe(502)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3000)
  expect(await answer.json()).toMatchObject({ error: { code: 'API_ERROR', retryable: true, retryAfterMs: expect.any(Number) } })
})

test('a provider that fails again and again is left alone for a while', async () => {
  const { openLibrary, running } = await setUp(onTestFinished, { ...HURRIED, retries: 0, breakerFailures: 2 })
  openLibrary.trouble = { kind: 'status', status: 500 }
  const ask = (number: number) => running.ask(`/v3/books/${editionOf(number).isbn13}`)
  expect(await (await ask(1)).json()).toMatchObject({ error: { code: 'API_ERROR', retryable: true } })
  await ask(2)
  const asked = openLibrary.requests.length
  const answer = await ask(3)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ error: { code: 'CIRCUIT_OPEN', retryable: true, retryAfterMs: expect.any(Number) } })
  expect(openLibrary.requests).toHaveLength(asked)
})
