import { afterEach, describe, expect, it } from 'vitest'
import { finishedJob, problemOf } from './support/answers.js'
import { RUN_KEY, startNode, startServer } from './support/start.js'
import type { TestServer, TestServerOptions } from './support/start.js'

let server: TestServer | undefined
async function start(options: TestServerOptions): Promise<TestServer> {
  server = await startServer(options)
  return server
}
afterEach(() => server?.stop())

describe('rate limits', () => {
  it('say where one stands, and refuse what is too much', async () => {
    const { ask } = await start({ limits: { api: { requests: 3, windowSeconds: 60 } } })
    const answers = [await ask('/jobs'), await ask('/jobs'), await ask('/jobs')]
    const refused = await ask('/jobs')
    expect([...answers, refused].map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"api";q=3;w=60')
    expect(answers.map(({ headers }) => /r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])).toEqual(['2', '1', '0'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await problemOf(refused)).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      details: { limit: 'api', requests: 3, windowSeconds: 60 },
    })
    expect((await ask('/health')).status).toBe(200)
  })

  it('tell an EventSource to come back later instead of stopping it for good', async () => {
    const { ask, url } = await start({ limits: { api: { requests: 2, windowSeconds: 60 } } })
    const { job } = await finishedJob(server as TestServer)
    await ask('/jobs')
    const stream = await fetch(`${url}/jobs/${job.id}/events`, { headers: { accept: 'text/event-stream', 'x-api-key': RUN_KEY } })
    expect(stream.status).toBe(200)
    expect(await stream.text()).toMatch(/^retry: \d{4,6}\n/)
  })

  it('can be switched off', async () => {
    const { ask } = await start({ limits: { api: false } })
    const answer = await ask('/jobs')
    expect(answer.headers.has('ratelimit')).toBe(false)
  })

  it('count clients behind a trusted proxy apart', async () => {
    const { ask } = await start({ limits: { api: { requests: 1, windowSeconds: 60 } }, trustProxy: ['loopback'] })
    const from = (ip: string) => ask('/jobs', { headers: { 'x-forwarded-for': ip } }).then(({ status }) => status)
    expect(await from('203.0.113.1')).toBe(200)
    expect(await from('203.0.113.2')).toBe(200)
    expect(await from('203.0.113.1')).toBe(429)
    // Whoever has one IPv6 address has its /64.
    expect(await from('2001:db8::1')).toBe(200)
    expect(await from('2001:db8::2')).toBe(429)
    expect(await from('2001:db8:0:1::1')).toBe(200)
  })

  it('count for all nodes together where they share', async () => {
    const { engine, ask } = await start({ limits: { api: { requests: 2, windowSeconds: 60 } }, manyNodes: true })
    const other = await startNode(engine, { limits: { api: { requests: 2, windowSeconds: 60 } }, manyNodes: true })
    const there = () => fetch(`${other.url}/jobs`, { headers: { 'x-api-key': RUN_KEY } })
    expect([await ask('/jobs'), await there(), await ask('/jobs'), await there()].map(({ status }) => status)).toEqual([200, 200, 429, 429])
    await other.server.close()
  })

  it('count together what comes together, and let everybody in while the store is away', async () => {
    const limits = { api: { requests: 5, windowSeconds: 60 } }
    const { engine, ask } = await start({ limits, manyNodes: true, onEngineError: () => undefined })
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/jobs')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3)
    await engine.stores.close()
    // What is asked for needs the store itself; that it is over the limit is not said any more.
    expect(await problemOf(await ask('/jobs'))).toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 })
    expect((await ask('/jobs')).headers.get('retry-after')).toBe('5')
  })

  it('remember a bounded number of addresses', async () => {
    const { ask } = await start({ limits: { api: { requests: 1, windowSeconds: 60 } }, trustProxy: ['loopback'], maxLimitedAddresses: 2 })
    const from = (ip: string) => ask('/jobs', { headers: { 'x-forwarded-for': ip } }).then(({ status }) => status)
    for (const ip of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) expect(await from(ip)).toBe(200)
    expect(await from('203.0.113.3')).toBe(429)
    // The first was forgotten.
    expect(await from('203.0.113.1')).toBe(200)
  })
})

it('throttles whoever guesses keys and tokens, but nobody who has good ones', async () => {
  const node = await start({ limits: { 'bad-credentials': { requests: 3, windowSeconds: 60 } } })
  const status = async (path: string, headers: Record<string, string>) => (await fetch(`${node.url}${path}`, { headers })).status
  const ask = (key: string) => status('/jobs', { 'x-api-key': key })
  const {
    job: { id },
    token,
  } = await finishedJob(node)
  for (let guess = 0; guess < 3; guess += 1) expect(await ask(`guess-${guess}`)).toBe(401)
  expect(await ask('guess-3')).toBe(429)
  expect(await status(`/jobs/${id}`, { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA' })).toBe(429)
  expect(await ask(RUN_KEY)).toBe(200)
  expect(await status(`/jobs/${id}`, { authorization: `Bearer ${token}` })).toBe(200)
  expect(await status(`/jobs/${id}`, { 'x-api-key': 'guess-4', authorization: `Bearer ${token}` })).toBe(200)
})
