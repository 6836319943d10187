import { randomUUID } from 'node:crypto'
import { jobPageSchema } from '@headway/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createdJob, finishedJob, jobOf, problemOf, untilStatus } from './support/answers.js'
import { startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

describe('creating', () => {
  it('answers 201 with the job, its token and where it is', async () => {
    const answer = await server.ask('/jobs/wait', { json: {} })
    expect(answer.status).toBe(201)
    const { job, eventsUrl, token } = await createdJob(answer)
    expect(job).toMatchObject({ type: 'wait', input: {} })
    expect(answer.headers.get('location')).toBe(`${server.url}/jobs/${job.id}`)
    expect(eventsUrl).toBe(`${server.url}/jobs/${job.id}/events`)
    expect(token).toMatch(/^[A-Za-z0-9._-]+$/)
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
  })

  it('takes no body as an empty object', async () => {
    const { job } = await createdJob(await server.ask('/jobs/wait', { method: 'POST' }))
    expect(job.input).toEqual({})
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
  })

  it('waits for the end with Prefer: wait', async () => {
    const answer = await server.ask('/jobs/count', { json: { to: 5 }, headers: { prefer: 'respond-async, wait=20' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('preference-applied')).toBe('wait=20')
    expect((await createdJob(answer)).job).toMatchObject({ status: 'completed', result: { counted: 5 } })
  })

  it('answers 201 when the time is over before the job', async () => {
    const answer = await server.ask('/jobs/wait', { json: {}, headers: { prefer: 'wait=1' } })
    expect(answer.status).toBe(201)
    const { job } = await createdJob(answer)
    expect(job.finishedAt).toBeUndefined()
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
  })

  it('ignores a preference that it does not understand', async () => {
    const answer = await server.ask('/jobs/count', { json: { to: 0 }, headers: { prefer: 'wait=soon' } })
    expect(answer.status).toBe(201)
    expect(answer.headers.has('preference-applied')).toBe(false)
  })

  it('takes a priority, a time to start and an id', async () => {
    const id = randomUUID()
    const runAt = new Date(Date.now() + 3_600_000).toISOString()
    const answer = await server.ask(`/jobs/count?id=${id}&priority=7&runAt=${encodeURIComponent(runAt)}`, { json: { to: 1 } })
    expect((await createdJob(answer)).job).toMatchObject({ id, priority: 7, runAt, status: 'queued' })
  })
})

describe('repeated creation', () => {
  it('makes one job for one Idempotency-Key, and gives its token again', async () => {
    const headers = { 'idempotency-key': '"an-order-4711"' }
    const first = await createdJob(await server.ask('/jobs/count', { json: { to: 1, note: 'a' }, headers }))
    const again = await server.ask('/jobs/count', { json: { note: 'a', to: 1 }, headers })
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const second = await createdJob(again)
    expect(second.job.id).toBe(first.job.id)
    const read = await fetch(`${server.url}/jobs/${first.job.id}`, { headers: { authorization: `Bearer ${second.token}` } })
    expect(read.status).toBe(200)
  })

  it('refuses another request with the same key', async () => {
    const headers = { 'idempotency-key': 'an-order-4712' }
    await server.ask('/jobs/count', { json: { to: 1 }, headers })
    expect(await problemOf(await server.ask('/jobs/count', { json: { to: 2 }, headers }))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  it('keeps the keys of different callers apart', async () => {
    const key = { 'idempotency-key': 'an-order-4713' }
    const mine = await createdJob(await server.ask('/jobs/count', { json: { to: 1 }, headers: key }))
    const theirs = await createdJob(
      await server.ask('/jobs/count', { json: { to: 1 }, headers: { ...key, 'x-api-key': 'admin-key-for-tests-0123456789' } }),
    )
    expect(theirs.job.id).not.toBe(mine.job.id)
  })

  it('gives the token of a known id only to whoever holds it', async () => {
    const id = randomUUID()
    const first = await createdJob(await server.ask(`/jobs/count?id=${id}`, { json: { to: 1 } }))
    expect(await problemOf(await server.ask(`/jobs/count?id=${id}`, { json: { to: 1 } }))).toMatchObject({ code: 'JOB_EXISTS' })
    const held = await server.ask(`/jobs/count?id=${id}`, {
      json: { to: 1 },
      headers: { 'x-api-key': 'run-key-for-tests-0123456789', authorization: `Bearer ${first.token}` },
    })
    expect(held.status).toBe(200)
    expect((await createdJob(held)).job.id).toBe(id)
    for (const [path, json] of [
      [`/jobs/count?id=${id}`, { to: 2 }],
      [`/jobs/wait?id=${id}`, {}],
    ] as const) {
      const other = await server.ask(path, {
        json,
        headers: { 'x-api-key': 'run-key-for-tests-0123456789', authorization: `Bearer ${first.token}` },
      })
      expect(other.headers.get('idempotent-replayed')).toBeNull()
      expect(await problemOf(other)).toMatchObject({ code: 'JOB_EXISTS', detail: expect.stringContaining('another input') })
    }
  })
})

describe('looking', () => {
  it('lists jobs newest first, by pages', async () => {
    const made = [await finishedJob(server), await finishedJob(server), await finishedJob(server)].map(({ job }) => job.id)
    const first = jobPageSchema.parse(await (await server.ask('/jobs?type=count&status=completed&limit=2')).json())
    expect(first.jobs.map(({ id }) => id)).toEqual([made[2], made[1]])
    const second = jobPageSchema.parse(
      await (await server.ask(`/jobs?type=count&status=completed&limit=2&cursor=${first.nextCursor}`)).json(),
    )
    expect(second.jobs[0]?.id).toBe(made[0])
  })

  it('finds jobs by a piece of their input', async () => {
    const { job } = await finishedJob(server, 'count', { to: 0, note: 'a needle in the hay' })
    const page = jobPageSchema.parse(await (await server.ask('/jobs?text=needle')).json())
    expect(page.jobs.map(({ id }) => id)).toEqual([job.id])
  })
})

describe('control', () => {
  it('cancels', async () => {
    const { job, token } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    await untilStatus(server, job.id, 'running')
    const answer = await server.ask(`/jobs/${job.id}/cancel`, {
      json: { reason: 'enough' },
      headers: { authorization: `Bearer ${token}` },
    })
    expect(answer.status).toBe(202)
    await untilStatus(server, job.id, 'cancelled')
    expect(await problemOf(await server.ask(`/jobs/${job.id}/pause`, { method: 'POST' }))).toMatchObject({ code: 'JOB_FINISHED' })
  })

  it('pauses and resumes', async () => {
    const { job } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    await untilStatus(server, job.id, 'running')
    await jobOf(await server.ask(`/jobs/${job.id}/pause`, { method: 'POST' }))
    await untilStatus(server, job.id, 'paused')
    await jobOf(await server.ask(`/jobs/${job.id}/resume`, { method: 'POST' }))
    await untilStatus(server, job.id, 'running')
    await jobOf(await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' }))
  })

  it('says when a job can not pause or is not over', async () => {
    const { job } = await createdJob(await server.ask('/jobs/stubborn', { json: {} }))
    expect(await problemOf(await server.ask(`/jobs/${job.id}/pause`, { method: 'POST' }))).toMatchObject({ code: 'NOT_PAUSABLE' })
    expect(await problemOf(await server.ask(`/jobs/${job.id}/retry`, { method: 'POST' }))).toMatchObject({ code: 'JOB_NOT_FINISHED' })
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
  })

  it('runs a finished job again as a new one, for whoever may create', async () => {
    const { job, token } = await finishedJob(server)
    const byToken = await server.ask(`/jobs/${job.id}/retry`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect(await problemOf(byToken)).toMatchObject({ code: 'UNAUTHORIZED' })
    const again = await createdJob(await server.ask(`/jobs/${job.id}/retry`, { method: 'POST' }))
    expect(again.job).toMatchObject({ retryOf: job.id, input: job.input })
    expect(again.job.id).not.toBe(job.id)
  })

  it('runs a finished job again once for one Idempotency-Key, and gives its token again', async () => {
    const { job } = await finishedJob(server)
    const { job: otherJob } = await finishedJob(server)
    const retry = (id: string, key: string): Promise<Response> =>
      server.ask(`/jobs/${id}/retry`, { method: 'POST', headers: { 'idempotency-key': key } })
    const answer = await retry(job.id, 'again-1')
    expect(answer.status).toBe(201)
    const first = await createdJob(answer)
    const repetition = await retry(job.id, 'again-1')
    expect(repetition.status).toBe(200)
    expect(repetition.headers.get('idempotent-replayed')).toBe('true')
    const second = await createdJob(repetition)
    expect(second.job.id).toBe(first.job.id)
    const read = await fetch(`${server.url}/jobs/${first.job.id}`, { headers: { authorization: `Bearer ${second.token}` } })
    expect(read.status).toBe(200)
    for (const other of [await retry(job.id, 'again-2'), await retry(otherJob.id, 'again-1')]) {
      expect((await createdJob(other)).job.id).not.toBe(first.job.id)
    }
    expect(await problemOf(await retry(job.id, 'x'.repeat(256)))).toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('says in the OpenAPI description that a retry takes an Idempotency-Key', async () => {
    const { paths } = (await (await server.ask('/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string; in: string }[]; responses: object } }>
    }
    const { parameters, responses } = paths['/jobs/{id}/retry']?.post ?? { parameters: [], responses: {} }
    expect(parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }))
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '201']))
  })
})
