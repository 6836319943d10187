import { randomUUID } from 'node:crypto'
import { defineJob } from '@headway/core'
import type { JobType } from '@headway/core'
import { jobPageSchema, problemSchema } from '@headway/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { finishedJob, problemOf } from './support/answers.js'
import { rawBytes, rawRequest } from './support/raw.js'
import { RUN_KEY, startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

const MAX_JSON_BYTES = 10_000
const json = { 'x-api-key': RUN_KEY, 'content-type': 'application/json' }

let server: TestServer
let made = 0
beforeAll(async () => {
  server = await startServer({ maxJsonBytes: MAX_JSON_BYTES })
})
afterAll(() => server.stop())

async function jobs(): Promise<number> {
  return jobPageSchema.parse(await (await server.ask('/jobs?limit=200')).json()).jobs.length
}

describe('a body that is not good', () => {
  beforeAll(async () => {
    made = await jobs()
  })
  // Nothing starts, nothing crashes.
  afterEach(async () => {
    expect(await jobs()).toBe(made)
  })

  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
    server.ask('/jobs/count', { method: 'POST', body, headers })

  it.each([
    ['{"to": 1,\n  "note": oops}', 'line 2, column 11'],
    ['{"to": 1', 'line 1, column 9'],
    ['{"to": 1,}', 'line 1, column 10'],
    ['[1, 2\n\n 3]', 'line 3, column 2'],
    ['{"to": 01}', 'line 1, column 9'],
    ['{"note": "a\tb"}', 'line 1, column 12'],
    ['{"to": 1} x', 'line 1, column 11'],
    ["{'to': 1}", 'line 1, column 2'],
  ])('%j', async (body, place) => {
    expect(await problemOf(await post(body))).toMatchObject({ code: 'INVALID_JSON', detail: `The body is not JSON: see ${place}.` })
  })

  it('that is nested too deeply', async () => {
    for (const body of [`${'['.repeat(2_000)}${']'.repeat(2_000)}`, `${'{"a":'.repeat(201)}1${'}'.repeat(201)}`]) {
      expect(await problemOf(await post(body))).toMatchObject({
        code: 'INVALID_JSON',
        status: 400,
        detail: 'The body is nested too deeply: at most 200 arrays and objects may stand in each other.',
      })
    }
    const deep = { to: 1, note: { a: JSON.parse(`${'['.repeat(198)}${']'.repeat(198)}`) as unknown } }
    expect(await problemOf(await post(JSON.stringify(deep)))).toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('that is wrong in many places lists some of them', async () => {
    const list = await startServer({
      jobTypes: [defineJob({ name: 'list', input: z.array(z.int()), run: () => Promise.resolve(null) })] as JobType[],
    })
    onTestFinished(() => list.stop())
    const problem = await problemOf(await list.ask('/jobs/list', { json: Array.from({ length: 100 }, () => 'x') }))
    expect(problem).toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(problem.errors).toHaveLength(50)
  })

  it('that is not UTF-8', async () => {
    expect(await problemOf(await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])))).toMatchObject({
      code: 'INVALID_JSON',
      detail: 'The body is not valid UTF-8.',
    })
  })

  it('does not repeat a piece of the body', async () => {
    const answer = await post('{"password": hunter2}')
    expect(await answer.text()).not.toContain('hunter2')
  })

  it.each([
    [{ to: 'many' }, '/to'],
    [{ to: 1.5 }, '/to'],
    [{ to: 5000 }, '/to'],
    [{}, '/to'],
    [{ to: 1, note: { 'a/b': 1 } }, '/note'],
    [[], ''],
    ['text', ''],
    [null, ''],
  ])('that does not fit the schema: %j', async (input, pointer) => {
    const problem = await problemOf(await server.ask('/jobs/count', { json: input }))
    expect(problem).toMatchObject({ code: 'VALIDATION_ERROR', status: 400 })
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer)
  })

  it('of another type', async () => {
    expect(await problemOf(await post('to=1', { ...json, 'content-type': 'application/x-www-form-urlencoded' }))).toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
    expect(await problemOf(await post('{"to":1}', { ...json, 'content-encoding': 'gzip' }))).toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
  })

  it('in another encoding than UTF-8', async () => {
    const type = (charset: string) => ({ ...json, 'content-type': `application/json; charset=${charset}` })
    for (const charset of ['iso-8859-1', '"UTF-16"', 'utf-80']) {
      expect(await problemOf(await post('{"to":"many"}', type(charset))), charset).toMatchObject({
        code: 'UNSUPPORTED_MEDIA_TYPE',
        status: 415,
      })
    }
    for (const charset of ['utf-8', '"UTF-8"', 'us-ascii']) {
      expect(await problemOf(await post('{"to":"many"}', type(charset))), charset).toMatchObject({ code: 'VALIDATION_ERROR' })
    }
  })

  it('that says it is too large', async () => {
    const body = JSON.stringify({ to: 1, note: 'x'.repeat(MAX_JSON_BYTES) })
    expect(await problemOf(await post(body))).toMatchObject({ code: 'BODY_TOO_LARGE', details: { maxBytes: MAX_JSON_BYTES } })
  })

  it('that is too large and does not say so', async () => {
    const answer = await rawRequest(`${server.url}/jobs/count`, {
      method: 'POST',
      headers: { ...json, 'transfer-encoding': 'chunked' },
      chunks: ['{"to":1,"note":"', 'x'.repeat(6_000), 'x'.repeat(6_000), '"}'],
    })
    expect(answer.status).toBe(413)
    expect(problemSchema.parse(JSON.parse(answer.body))).toMatchObject({ code: 'BODY_TOO_LARGE' })
  })

  it('for an unknown type', async () => {
    expect(await problemOf(await server.ask('/jobs/nothing', { json: {} }))).toMatchObject({ code: 'UNKNOWN_JOB_TYPE', status: 404 })
    expect(await problemOf(await server.ask('/jobs/No%20Name', { json: {} }))).toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('with bad parameters', async () => {
    for (const query of ['id=1', 'priority=high', 'runAt=tomorrow', 'priority=1&priority=2']) {
      expect(await problemOf(await server.ask(`/jobs/count?${query}`, { json: { to: 1 } }))).toMatchObject({ code: 'VALIDATION_ERROR' })
    }
  })

  it('with an Idempotency-Key that is none', async () => {
    expect(
      await problemOf(await server.ask('/jobs/count', { json: { to: 1 }, headers: { 'idempotency-key': 'x'.repeat(300) } })),
    ).toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})

describe('an address that is not good', () => {
  it('unknown paths', async () => {
    for (const path of ['/nothing', '/jobs/a/b/c', '/jobs/', '/%ff', '/..%2f..%2fetc/passwd']) {
      expect(await problemOf(await server.ask(path))).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    }
  })

  it('unknown methods, with what is allowed', async () => {
    const answer = await server.ask('/jobs', { method: 'PUT' })
    expect(await problemOf(answer)).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 })
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    const another = await server.ask(`/jobs/${randomUUID()}/cancel`)
    expect(another.headers.get('allow')).toBe('OPTIONS, POST')
    expect(another.status).toBe(405)
    // This path fits two routes: a job, and jobs of a type.
    expect((await server.ask(`/jobs/${randomUUID()}`, { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST')
  })

  it('a plain request where WebSockets are', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await rawRequest(`${server.url}/ws`, { method })
      expect(answer).toMatchObject({ status: 426, headers: { upgrade: 'websocket', connection: 'Upgrade' } })
      expect(problemSchema.parse(JSON.parse(answer.body))).toMatchObject({ code: 'UPGRADE_REQUIRED', status: 426 })
    }
    const posted = await server.ask('/ws', { method: 'POST' })
    expect(posted.headers.get('allow')).toBe('GET')
    expect(await problemOf(posted)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  it('unknown jobs', async () => {
    const id = randomUUID()
    for (const path of [`/jobs/${id}`, `/jobs/${id}/events`, '/jobs/no-uuid']) {
      expect(await problemOf(await server.ask(path))).toMatchObject({ code: 'JOB_NOT_FOUND' })
    }
    for (const action of ['cancel', 'pause', 'resume', 'retry', 'ticket']) {
      expect(await problemOf(await server.ask(`/jobs/${id}/${action}`, { method: 'POST' }))).toMatchObject({ code: 'JOB_NOT_FOUND' })
    }
  })

  it('bad cursors', async () => {
    const { job } = await finishedJob(server)
    for (const after of ['-1', 'x', '1.5.2', '1e3', '', '9'.repeat(20)]) {
      expect(await problemOf(await server.ask(`/jobs/${job.id}/events?after=${after}`))).toMatchObject({ code: 'INVALID_CURSOR' })
    }
    const stream = { accept: 'text/event-stream', 'last-event-id': 'yesterday' }
    expect(await problemOf(await server.ask(`/jobs/${job.id}/events`, { headers: stream }))).toMatchObject({ code: 'INVALID_CURSOR' })
    expect(await problemOf(await server.ask('/jobs?cursor=nonsense'))).toMatchObject({ code: 'INVALID_CURSOR' })
  })

  it('bad queries', async () => {
    for (const query of ['limit=0', 'limit=1000', 'limit=ten', 'status=done', 'type=,', `text=${'x'.repeat(300)}`]) {
      expect(await problemOf(await server.ask(`/jobs?${query}`))).toMatchObject({ code: 'VALIDATION_ERROR' })
    }
  })

  it('what can not be made', async () => {
    const { job } = await finishedJob(server)
    expect(await problemOf(await server.ask(`/jobs/${job.id}/events`, { headers: { accept: 'image/png' } }))).toMatchObject({
      code: 'NOT_ACCEPTABLE',
    })
  })

  it('a reason that is none', async () => {
    const { job } = await finishedJob(server)
    expect(await problemOf(await server.ask(`/jobs/${job.id}/cancel`, { json: { reason: 5 } }))).toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})

describe('what is no HTTP', () => {
  it('gets a problem document all the same', async () => {
    const answer = await rawBytes(server.url, 'HELLO\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('"code":"BAD_REQUEST"')
  })

  it('header fields that are too large', async () => {
    const answer = await rawBytes(server.url, `GET / HTTP/1.1\r\nHost: a\r\nX-Much: ${'x'.repeat(40_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(answer).toContain('"code":"HEADERS_TOO_LARGE"')
  })

  it('a Host that is none', async () => {
    const answer = await rawBytes(server.url, 'GET /health HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n')
    expect(answer).toContain('"code":"BAD_REQUEST"')
  })

  it('no Host at all', async () => {
    const answer = await rawBytes(server.url, 'GET /health HTTP/1.1\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"code":"BAD_REQUEST"/)
    expect(await rawBytes(server.url, 'GET /health HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('an expectation that nobody knows', async () => {
    const answer = await rawBytes(server.url, 'GET /health HTTP/1.1\r\nHost: a\r\nExpect: foo\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 417 [^]*"code":"EXPECTATION_FAILED"/)
  })

  it('goes on to serve', async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })
})

it('explains its error codes where the type of a problem leads', async () => {
  const problem = await problemOf(await server.ask('/nothing'))
  const page = await fetch(new URL(problem.type, server.url))
  expect(await page.json()).toEqual({ type: problem.type, code: 'NOT_FOUND', status: 404, title: problem.title })
})
