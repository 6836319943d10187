import { describe, expect, onTestFinished, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { HELD, heldBatch, KNOWN, startHeld } from '../support/held.js'
import { eventsOf } from '../support/sse.js'
import { start } from '../support/start.js'

const server = onceForTests((atEnd) => startHeld(atEnd))
const BATCH = '/v3/jobs/enrichment'

describe('a batch that can not be', () => {
  test.each([
    ['no JSON', '{"isbns":'],
    ['no books', {}],
    ['an empty list', { isbns: [] }],
    ['5,001 books', { isbns: Array.from({ length: 5001 }, () => HELD.isbn13) }],
    ['books and ISBNs', { isbns: [HELD.isbn13], books: [{ isbn: HELD.isbn13 }] }],
    ['a book of nothing', { books: [{ author: 'Somebody' }] }],
    ['a title of 501 characters', { books: [{ title: 'x'.repeat(501) }] }],
    ['an id that is none', { isbns: [HELD.isbn13], jobId: '../../etc/passwd' }],
    ['an id that can be guessed, of version 1', { isbns: [HELD.isbn13], jobId: 'c232ab00-9414-11ec-b3c8-9f6bdeced846' }],
  ])('%s', async (_, json) => {
    const answer = await server().ask(BATCH, { json })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR', retryable: false } })
  })

  test('over 1 MiB', async () => {
    const answer = await server().ask(BATCH, { json: { books: Array.from({ length: 5000 }, () => ({ title: 'x'.repeat(400) })) } })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: { code: 'FILE_TOO_LARGE' } })
  })
})

describe('a job', () => {
  test.each(['no-uuid', crypto.randomUUID(), '..%2f..%2fetc'])('that is not there: %s', async (jobId) => {
    for (const path of [`${BATCH}/${jobId}`, `/v1/jobs/${jobId}/status`, `/api/v2/imports/${jobId}`]) {
      expect(await server().json(path)).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
    }
  })

  test('of another kind is not there', async () => {
    const { jobId, authToken } = await heldBatch(server())
    expect(await server().json(`/v3/jobs/imports/${jobId}`)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await server().json(`/v3/jobs/scans/${jobId}/results`, { token: authToken })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  })

  test('has no results before it is completed, and none for whoever has no token', async () => {
    const { jobId, authToken } = await heldBatch(server())
    const early = await server().ask(`${BATCH}/${jobId}/results`, { token: authToken })
    expect(early.status).toBe(404)
    expect(await early.json()).toMatchObject({ error: { code: 'NOT_FOUND', message: expect.stringContaining('no results') } })
    for (const token of [undefined, 'wrong', (await heldBatch(server())).authToken]) {
      const answer = await server().ask(`${BATCH}/${jobId}/results`, token === undefined ? {} : { token })
      expect([401, 403]).toContain(answer.status)
    }
  })

  test('that is over is cancelled no more, over any path', async () => {
    const { data } = await server().json(BATCH, { json: { isbns: KNOWN.map(({ isbn13 }) => isbn13) } })
    const { jobId, streamUrl, token } = data as unknown as { jobId: string; streamUrl: string; token: string }
    await eventsOf(streamUrl)
    for (const path of [`${BATCH}/${jobId}`, `/api/v2/jobs/${jobId}/cancel`]) {
      const answer = await server().ask(path, { method: 'DELETE', token })
      expect(answer.status).toBe(409)
      expect(await answer.json()).toMatchObject({ success: false, error: { code: 'JOB_FINISHED', retryable: false } })
    }
  })
})

test('the status of a job is told 30 times a minute, then comes 429 with the time to wait', async () => {
  const { json, ask } = await start({ server: { limits: { api: false } } })
  const { data } = await json(BATCH, { json: { isbns: KNOWN.map(({ isbn13 }) => isbn13) } })
  const path = `${BATCH}/${String(data['jobId'])}`
  for (let n = 0; n < 30; n += 1) expect((await ask(path)).status).toBe(200)
  const refused = await ask(path)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  const { error } = (await refused.json()) as { error: { retryAfterMs: number } }
  expect(error).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', retryable: true })
  expect(error.retryAfterMs).toBeGreaterThan(0)
})

test('a repeated request with a chosen id tells its token to nobody else', async () => {
  const running = await startHeld(onTestFinished)
  const body = { isbns: [HELD.isbn13], jobId: crypto.randomUUID() }
  const first = await running.json(BATCH, { json: body })
  const again = await running.ask(BATCH, { json: body })
  expect(again.status).toBe(409)
  expect(await again.text()).not.toContain(String(first.data['token']))
})
