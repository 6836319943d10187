import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { createDriver } from '@headway/conformance'
import { followAnswerSchema } from '@headway/protocol'
import type { FollowBody, ServerMessage } from '@headway/protocol'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { SocketClient } from './delivery/support/socket-client.js'
import { createdJob, finishedJob, problemOf } from './support/answers.js'
import { FollowStream } from './support/follow-stream.js'
import { testJobs } from './support/jobs.js'
import { READ_KEY, startServer } from './support/start.js'
import type { TestServer, TestServerOptions } from './support/start.js'

const driver = createDriver()
const jobTypes = [...testJobs(), driver.jobType]
const logged: string[] = []
const ONCE = { jobId: randomUUID() }
const NO_KEY = { authorization: 'Bearer ' }

let server: TestServer
beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  server = await startServer({ jobTypes, log: pino({ level: 'trace' }, sink) })
})
afterAll(() => server.stop())

async function startOther(options: TestServerOptions): Promise<TestServer> {
  const other = await startServer({ jobTypes, ...options })
  onTestFinished(() => other.stop())
  return other
}

async function poll(body: FollowBody, { wait = 0, headers = {} }: { wait?: number; headers?: Record<string, string> } = {}) {
  const answer = await server.ask(`/follow?wait=${wait}`, { json: body, headers: { accept: 'application/json', ...headers } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return followAnswerSchema.parse(await answer.json()).messages
}

/** What a connection said of one job. */
function of(id: string, messages: readonly ServerMessage[]): ServerMessage[] {
  return messages.filter((message) => 'jobId' in message && message.jobId === id)
}

function seqs(messages: readonly ServerMessage[]): number[] {
  return messages.flatMap((message) => (message.type === 'event' ? [message.seq] : []))
}

describe('following several jobs over one stream', () => {
  it('welcomes, sends each log from its cursor, then what comes, says what has ended, and ends with the last of them', async () => {
    const { job: over } = await finishedJob(server)
    const [one, other] = [await driver.start(server.engine), await driver.start(server.engine)]
    const unknown = randomUUID()
    const stream = await FollowStream.open(server, {
      jobs: [{ jobId: over.id, after: 4 }, { jobId: unknown }, { jobId: one.id.toUpperCase(), after: 1 }, { jobId: other.id, after: 99 }],
    })
    expect(Object.fromEntries(stream.answer.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      vary: expect.stringContaining('Accept') as string,
    })
    expect(await stream.next()).toMatchObject({ type: 'welcome', version: '0.0.0-test', maxJobs: 100, heartbeatMs: 30_000 })
    expect(await stream.nextOf('error')).toMatchObject({ code: 'JOB_NOT_FOUND', jobId: unknown })
    expect(await stream.nextOf('reset')).toEqual({ type: 'reset', jobId: other.id, reason: 'ahead', after: 0, head: 2 })
    await one.emit('step', { text: 'ö\r\n' })
    await other.finish()
    await one.emit('step', 2)
    await one.finish()
    const rest = await stream.rest()
    expect(seqs(of(one.id, rest)).slice(-3)).toEqual([3, 4, 5])
    expect(rest.at(-1)).toEqual({ type: 'end', jobId: one.id, seq: 5 })
    expect(of(other.id, rest).at(-1)).toEqual({ type: 'end', jobId: other.id, seq: 3 })
    expect(stream.otherLines).toEqual(['retry: 2000'])
  })

  it('ends at once where there is nothing to follow, and leaves the connection for the next request', async () => {
    const stream = await FollowStream.open(server, { jobs: [] })
    expect(await stream.rest()).toMatchObject([{ type: 'welcome' }])
    const { job } = await finishedJob(server)
    const messages = await (await FollowStream.open(server, { jobs: [{ jobId: job.id }] })).rest()
    expect(messages.map(({ type }) => type)).toEqual(['welcome', 'attached', ...Array<string>(job.head).fill('event'), 'end'])
    expect(seqs(messages)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('gives the same as a poll', async () => {
    const made = [await finishedJob(server), await finishedJob(server)]
    const body = { jobs: made.map(({ job }, index) => ({ jobId: job.id, after: index })) }
    const streamed = await (await FollowStream.open(server, body)).rest()
    const polled = await poll(body)
    for (const { job } of made) expect(of(job.id, polled)).toEqual(of(job.id, streamed))
  })

  it('shares a connection fairly: a job with a long log does not keep another from being heard, and a slow reader misses nothing', async () => {
    const [long, short] = [await driver.start(server.engine), await driver.start(server.engine)]
    const text = 'x'.repeat(10_000)
    await Promise.all(Array.from({ length: 1500 }, () => long.emit('step', text)))
    await long.finish()
    const stream = await FollowStream.open(server, { jobs: [{ jobId: long.id }, { jobId: short.id, after: 2 }] })
    await stream.nextOf('event')
    await short.emit('step', 'is heard')
    const seen: ServerMessage[] = []
    while (seqs(of(short.id, seen)).length === 0) seen.push((await stream.next()) as ServerMessage)
    expect(seqs(of(long.id, seen)).length).toBeLessThan(1400)
    await short.finish()
    const all = [...seen, ...(await stream.rest())]
    expect(seqs(of(long.id, all))).toEqual(Array.from({ length: 1502 }, (_, index) => index + 2))
  })

  it('says so when nothing else is said', async () => {
    const quick = await startOther({ delivery: { heartbeatMs: 30, tickMs: 5 } })
    const job = await driver.start(quick.engine)
    const stream = await FollowStream.open(quick, { jobs: [{ jobId: job.id }] })
    expect(await stream.nextOf('welcome')).toMatchObject({ heartbeatMs: 30 })
    await stream.nextOf('heartbeat')
    await stream.nextOf('heartbeat')
    await job.finish()
    await stream.nextOf('end')
  })

  it('tells everyone to come back when the server stops, or has too many', async () => {
    const small = await startOther({ delivery: { maxWatchers: 1, comebackMs: { min: 7000, max: 7000 } } })
    const job = await driver.start(small.engine)
    const body = { jobs: [{ jobId: job.id }] }
    const stream = await FollowStream.open(small, body)
    await stream.nextOf('event')
    const metrics = await (await small.ask('/metrics')).text()
    expect(metrics).toContain('headway_watchers{transport="sse"} 1')
    const refused = await FollowStream.open(small, body)
    expect(refused.answer.status).toBe(200)
    expect(await refused.rest()).toEqual([])
    expect(refused.otherLines).toEqual(['retry: 7000'])
    const waiting = await small.ask('/follow?wait=5', { json: { jobs: [{ jobId: job.id, after: 2 }] } })
    expect(await problemOf(waiting)).toMatchObject({ status: 503, code: 'OVERLOADED' })
    const closed = small.server.close()
    await stream.rest()
    expect(stream.otherLines).toEqual(['retry: 2000', 'retry: 7000'])
    await closed
  })

  it('is over for the server when the client is gone', async () => {
    const alone = await startOther({})
    const job = await driver.start(alone.engine)
    const stream = await FollowStream.open(alone, { jobs: [{ jobId: job.id }], lists: true })
    await stream.nextOf('event')
    stream.leave()
    const watchers = async (): Promise<string> =>
      (await (await alone.ask('/metrics')).text()).match(/headway_watch.*[1-9]$/gm)?.join() ?? ''
    await expect.poll(watchers).toBe('')
  })
})

describe('who may follow', () => {
  it('is said for each job: by a key, by a token in the header, or by its own token in the body', async () => {
    const [mine, other] = [await finishedJob(server), await finishedJob(server)]
    const jobs = [
      { jobId: mine.job.id, after: 5 },
      { jobId: other.job.id, after: 5 },
    ]
    const byHeader = { headers: { authorization: `Bearer ${mine.token}` } }
    expect(await poll({ jobs }, byHeader)).toMatchObject([
      { type: 'error', code: 'FORBIDDEN', jobId: other.job.id },
      { type: 'attached' },
      { type: 'event' },
      { type: 'end', jobId: mine.job.id },
    ])
    const tokens = [mine, other].map(({ job, token }) => ({ jobId: job.id, after: 6, token }))
    const byBody = await poll({ jobs: tokens }, { headers: NO_KEY })
    expect(byBody.map(({ type }) => type)).toEqual(['attached', 'end', 'attached', 'end'])
    expect(await poll({ jobs }, { headers: NO_KEY })).toMatchObject([{ code: 'UNAUTHORIZED' }, { code: 'UNAUTHORIZED' }])
    const withBad = [{ ...jobs[0], jobId: mine.job.id, token: `${mine.token}x` }, tokens[1]] as FollowBody['jobs']
    const stream = await FollowStream.open(server, { jobs: withBad }, NO_KEY)
    expect(await stream.rest()).toMatchObject([
      { type: 'welcome' },
      { type: 'error', code: 'UNAUTHORIZED', jobId: mine.job.id },
      { type: 'attached', jobId: other.job.id },
      { type: 'end', jobId: other.job.id },
    ])
    for (const { token } of [mine, other]) expect(logged.join('')).not.toContain(token)
    expect(logged.join('')).toContain('/follow')
  })

  it.each([
    [{ 'x-api-key': 'no-key-of-this-server' }, 401, 'UNAUTHORIZED'],
    [{ authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA' }, 401, 'UNAUTHORIZED'],
    [{ 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [{ accept: 'text/html' }, 406, 'NOT_ACCEPTABLE'],
  ])('refuses %j', async (headers: Record<string, string>, status, code) => {
    const answer = await server.ask('/follow', {
      method: 'POST',
      body: '{"jobs":[]}',
      headers: { 'content-type': 'application/json', ...headers },
    })
    expect(await problemOf(answer)).toMatchObject({ status, code })
  })

  it.each([
    [{}, '/jobs'],
    [{ jobs: [{ jobId: 'x' }] }, '/jobs/0/jobId'],
    [{ jobs: [{ jobId: randomUUID(), after: -1 }] }, '/jobs/0/after'],
    [{ jobs: [ONCE, ONCE] }, '/jobs'],
    [{ jobs: Array.from({ length: 101 }, () => ({ jobId: randomUUID() })) }, '/jobs'],
    [{ jobs: [], lists: 'yes' }, '/lists'],
  ])('refuses the body %#', async (json, pointer) => {
    const problem = await problemOf(await server.ask('/follow', { json }))
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', errors: [{ pointer }] })
  })
})

describe('polling several jobs', () => {
  it('answers with what there is; waits where there is nothing, until any job has news', async () => {
    const jobs = [await driver.start(server.engine), await driver.start(server.engine)]
    const [quiet, busy] = jobs as [(typeof jobs)[0], (typeof jobs)[0]]
    const known = { jobs: jobs.map(({ id }) => ({ jobId: id, after: 2 })) }
    const attached = jobs.map(({ id }) => ({ type: 'attached', jobId: id, after: 2, head: 2 }))
    for (const wait of [0, 0.05]) {
      const nothing = await poll(known, { wait })
      expect(nothing).toHaveLength(2)
      expect(nothing).toEqual(expect.arrayContaining(attached))
    }
    const waiting = poll(known, { wait: 30 })
    await expect.poll(() => server.engine.figures().then(({ watchers }) => watchers)).toBeGreaterThanOrEqual(2)
    await busy.emit('step', 1)
    expect(seqs(of(busy.id, await waiting))).toEqual([3])
    const next = poll(
      {
        jobs: [
          { jobId: quiet.id, after: 2 },
          { jobId: busy.id, after: 3 },
        ],
      },
      { wait: 30 },
    )
    await busy.finish()
    expect(of(busy.id, await next).map(({ type }) => type)).toEqual(['attached', 'event', 'end'])
    expect(await poll({ jobs: [] }, { wait: 30 })).toEqual([])
    await quiet.finish()
  })

  it('keeps an answer small, and lets each job have its part', async () => {
    const jobs = await Promise.all(Array.from({ length: 3 }, () => driver.start(server.engine)))
    const text = 'x'.repeat(50_000)
    for (const job of jobs) await Promise.all(Array.from({ length: 20 }, () => job.emit('step', text)))
    const cursors = new Map(jobs.map(({ id }) => [id, 0]))
    for (const job of jobs) await job.finish()
    const seen: ServerMessage[] = []
    for (let rounds = 0; cursors.size > 0; rounds += 1) {
      const messages = await poll({ jobs: [...cursors].map(([jobId, after]) => ({ jobId, after })) })
      expect(JSON.stringify(messages).length).toBeLessThan(1_150_000)
      for (const [id] of cursors) expect(of(id, messages).length).toBeGreaterThan(1)
      for (const message of messages) {
        if (message.type === 'event') cursors.set(message.jobId, message.seq)
        if (message.type === 'end') cursors.delete(message.jobId)
      }
      seen.push(...messages)
      expect(rounds).toBeLessThan(20)
    }
    for (const { id } of jobs) expect(seqs(of(id, seen))).toEqual(Array.from({ length: 23 }, (_, index) => index + 1))
  })
})

describe('changed jobs', () => {
  it('are told to whoever shows lists, with a key, over a stream or a poll', async () => {
    const stream = await FollowStream.open(server, { jobs: [], lists: true }, { 'x-api-key': READ_KEY })
    await stream.nextOf('welcome')
    const first = poll({ jobs: [], lists: true }, { wait: 30 })
    await expect.poll(async () => (await (await server.ask('/metrics')).text()).includes('headway_watchers{transport="poll"} 1')).toBe(true)
    const { job, token } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    const change = { type: 'jobs.changed', jobIds: expect.arrayContaining([job.id]) as string[] }
    expect(await stream.nextOf('jobs.changed')).toMatchObject(change)
    expect(await first).toMatchObject([change])
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
    expect(await stream.nextOf('jobs.changed')).toMatchObject(change)
    const refused = await FollowStream.open(server, { jobs: [{ jobId: job.id }], lists: true }, { authorization: `Bearer ${token}` })
    expect(await refused.nextOf('error')).toEqual({ type: 'error', code: 'FORBIDDEN', message: expect.any(String) as string })
    await refused.nextOf('end')
    expect(await refused.next()).toBeUndefined()
  })

  it('are told over a WebSocket, to a key; then it is not idle, though it watches no job', async () => {
    const { url, ask, engine } = await startOther({ delivery: { heartbeatMs: 20, tickMs: 5, socketIdleMs: 100 } })
    const { job, token } = await createdJob(await ask('/jobs/wait', { json: {} }))
    const refused = new SocketClient(`${url}/ws`, [token])
    refused.send({ type: 'lists', on: true })
    expect(await refused.nextOf('error')).toMatchObject({ code: 'FORBIDDEN' })
    const client = new SocketClient(`${url}/ws`, [READ_KEY])
    client.send({ type: 'lists', on: true })
    // Longer than it may be idle.
    for (let n = 0; n < 10; n += 1) await client.nextOf('heartbeat')
    await engine.request(job.id, 'cancel')
    expect(await client.nextOf('jobs.changed')).toEqual({ type: 'jobs.changed', jobIds: [job.id], more: false })
    client.send({ type: 'lists', on: false })
    expect(await client.closed()).toEqual({ code: 4408, reason: 'idle' })
  })

  it('are at most a hundred in one message, which says when there were more', async () => {
    const stream = await FollowStream.open(server, { jobs: [], lists: true })
    await stream.nextOf('welcome')
    const created = await Promise.all(Array.from({ length: 150 }, () => server.engine.create('count', { to: 3 })))
    const missing = new Set(created.map(({ job }) => job.id))
    for (let more = false; missing.size > 0 && !more;) {
      const changed = await stream.nextOf('jobs.changed')
      for (const id of changed.jobIds) missing.delete(id)
      more = changed.more
    }
  })
})
