import { jobPageSchema, ticketSchema } from '@headway/protocol'
import type { CreatedJob } from '@headway/protocol'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createdJob, finishedJob, problemOf } from './support/answers.js'
import { TestClock } from './support/clock.js'
import { ADMIN_KEY, READ_KEY, RUN_KEY, startNode, startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

const HOUR = 3_600_000
const clock = new TestClock()
let server: TestServer
beforeAll(async () => {
  server = await startServer({ clock })
})
afterAll(() => server.stop())

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const without = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, init)

describe('API keys', () => {
  it('are needed', async () => {
    for (const path of ['/jobs', '/metrics']) {
      const answer = await without(path)
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
      expect(await problemOf(answer)).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
    }
    expect(await problemOf(await without('/jobs/count', { method: 'POST', body: '{"to":1}' }))).toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('are not needed for health and descriptions', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/openapi.json', '/']) expect((await without(path)).status).toBe(200)
  })

  it('come as X-API-Key or as Bearer', async () => {
    expect((await without('/jobs', { headers: { 'x-api-key': READ_KEY } })).status).toBe(200)
    expect((await without('/jobs', bearer(READ_KEY))).status).toBe(200)
  })

  it('that are wrong are refused', async () => {
    for (const key of [`${READ_KEY}x`, READ_KEY.slice(1), 'x'.repeat(2_000)]) {
      expect(await problemOf(await without('/jobs', { headers: { 'x-api-key': key } }))).toMatchObject({ code: 'UNAUTHORIZED' })
    }
  })

  it('have roles: run includes read, admin includes both', async () => {
    const create = (key: string) => server.ask('/jobs/count', { json: { to: 0 }, headers: { 'x-api-key': key } })
    expect(await problemOf(await create(READ_KEY))).toMatchObject({ code: 'FORBIDDEN', status: 403 })
    expect((await create(RUN_KEY)).status).toBe(201)
    expect((await create(ADMIN_KEY)).status).toBe(201)
    for (const key of [READ_KEY, RUN_KEY, ADMIN_KEY]) expect((await without('/jobs', { headers: { 'x-api-key': key } })).status).toBe(200)
    const { job } = await finishedJob(server)
    expect(
      await problemOf(await server.ask(`/jobs/${job.id}/retry`, { method: 'POST', headers: { 'x-api-key': READ_KEY } })),
    ).toMatchObject({
      code: 'FORBIDDEN',
    })
  })
})

describe('job tokens', () => {
  it('read and control their job, and nothing else', async () => {
    const { job, token } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    const other = await finishedJob(server)
    expect((await without(`/jobs/${job.id}`, bearer(token))).status).toBe(200)
    expect((await without(`/jobs/${job.id.toUpperCase()}`, bearer(token))).status).toBe(200)
    expect(await problemOf(await without(`/jobs/${other.job.id}`, bearer(token)))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await problemOf(await without('/jobs', bearer(token)))).toMatchObject({ code: 'UNAUTHORIZED' })
    expect([200, 202]).toContain((await without(`/jobs/${job.id}/cancel`, { method: 'POST', ...bearer(token) })).status)
  })

  it('that are broken or signed by others are refused', async () => {
    const { job, token } = await finishedJob(server)
    const [header, payload] = token.split('.')
    const foreign = await new SignJWT({ scope: 'control' })
      .setProtectedHeader({ alg: 'HS256', kid: 'made-up' })
      .setSubject(job.id)
      .setAudience('headway')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a secret that somebody made up'))
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    for (const bad of [foreign, unsigned, `${header}.${payload}.AAAA`, `${token.slice(0, -3)}AAA`, `${token}.x`]) {
      expect(await problemOf(await without(`/jobs/${job.id}`, bearer(bad)))).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
    }
  })

  it('expire', async () => {
    const { job, token } = await finishedJob(server)
    clock.advance(25 * HOUR)
    const answer = await without(`/jobs/${job.id}`, bearer(token))
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await problemOf(answer)).toMatchObject({ code: 'TOKEN_EXPIRED', status: 401 })
  })

  it('are checked where the key of a request does not reach', async () => {
    const { job, token } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    const both = { 'x-api-key': READ_KEY, authorization: `Bearer ${token}` }
    expect([200, 202]).toContain((await without(`/jobs/${job.id}/cancel`, { method: 'POST', headers: both })).status)
  })
})

describe('tickets', () => {
  const ticketFor = async (id: string, init: RequestInit = {}) =>
    ticketSchema.parse(await (await server.ask(`/jobs/${id}/ticket`, { method: 'POST', ...init })).json())

  it('open the stream of their job in a bare URL', async () => {
    const { job } = await finishedJob(server)
    const { eventsUrl } = await ticketFor(job.id)
    const answer = await fetch(eventsUrl, { headers: { accept: 'text/event-stream' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await answer.text()).toContain('"type":"completed"')
  })

  it('can be had with the token of the job', async () => {
    const { job, token } = await finishedJob(server)
    const { eventsUrl } = await ticketFor(job.id, bearer(token))
    expect((await fetch(eventsUrl)).status).toBe(200)
  })

  it('only read, only their job, only from a URL', async () => {
    const { job } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    const ticket = new URL((await ticketFor(job.id)).eventsUrl).searchParams.get('ticket') ?? ''
    for (const action of ['cancel', 'pause', 'ticket']) {
      expect((await without(`/jobs/${job.id}/${action}?ticket=${ticket}`, { method: 'POST' })).status).toBe(401)
    }
    expect(await problemOf(await without(`/jobs/${job.id}`, bearer(ticket)))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await problemOf(await without(`/jobs/${job.id}?ticket=${ticket}`))).toMatchObject({ code: 'UNAUTHORIZED' })
    const other = await finishedJob(server)
    expect(await problemOf(await without(`/jobs/${other.job.id}/events?ticket=${ticket}`))).toMatchObject({ code: 'FORBIDDEN' })
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
  })

  it('end one hour after their job', async () => {
    const { job } = await finishedJob(server)
    const { eventsUrl, expiresAt } = await ticketFor(job.id)
    expect(Date.parse(expiresAt) - clock.now()).toBeLessThanOrEqual(HOUR)
    clock.advance(HOUR - 60_000)
    expect((await fetch(eventsUrl)).status).toBe(200)
    clock.advance(120_000)
    expect(await problemOf(await fetch(eventsUrl))).toMatchObject({ code: 'TOKEN_EXPIRED' })
  })

  it('that were made while the job ran end one hour after its end, too', async () => {
    const { job } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    const { eventsUrl, expiresAt } = await ticketFor(job.id)
    expect(Date.parse(expiresAt) - clock.now()).toBeGreaterThan(23 * HOUR)
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
    await (await server.ask(`/jobs/${job.id}/events`, { headers: { accept: 'application/x-ndjson' } })).text()
    expect((await fetch(eventsUrl)).status).toBe(200)
    clock.advance(2 * HOUR)
    expect(await problemOf(await fetch(eventsUrl))).toMatchObject({ code: 'TOKEN_EXPIRED' })
  })
})

describe('signing keys', () => {
  it('are replaced, and tokens of the last one stay good for their time', async () => {
    const young = await startServer({ clock, rotateKeysAfterMs: 48 * HOUR })
    onTestFinished(() => young.stop())
    const read = async ({ job, token }: CreatedJob): Promise<number> => (await fetch(`${young.url}/jobs/${job.id}`, bearer(token))).status
    const old = await finishedJob(young)
    clock.advance(47 * HOUR)
    const last = await finishedJob(young)
    clock.advance(2 * HOUR)
    const fresh = await finishedJob(young)
    expect(kidOf(last.token)).toBe(kidOf(old.token))
    expect(kidOf(fresh.token)).not.toBe(kidOf(last.token))
    expect([await read(old), await read(last), await read(fresh)]).toEqual([401, 200, 200])
  })

  it('are the same at all nodes, also when they begin at the same moment', async () => {
    const first = await startServer({ clock })
    onTestFinished(() => first.stop())
    const nodes = await Promise.all([1, 2, 3].map(() => startNode(first.engine, { clock })))
    onTestFinished(async () => {
      for (const node of nodes) await node.server.close()
    })
    const made = await Promise.all(
      nodes.map(async ({ url }) => {
        const headers = { 'x-api-key': RUN_KEY, 'content-type': 'application/json' }
        return createdJob(await fetch(`${url}/jobs/count`, { method: 'POST', headers, body: '{"to":0}' }))
      }),
    )
    expect(new Set(made.map(({ token }) => kidOf(token))).size).toBe(1)
    for (const { url } of nodes) {
      for (const { job, token } of made) expect((await fetch(`${url}/jobs/${job.id}`, bearer(token))).status).toBe(200)
    }
  })
})

it('keeps no key and no token in its answers', async () => {
  const page = jobPageSchema.parse(await (await server.ask('/jobs')).json())
  expect(JSON.stringify(page)).not.toMatch(/eyJ|-key-for-tests/)
})

function kidOf(token: string): unknown {
  return (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid
}
